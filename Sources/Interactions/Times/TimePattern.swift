/// A pattern of C's `strptime`, such as `%d/%m/%Y %H:%M`.
///
/// `%Y` year, `%y` year of two digits (69 to 99 are the last century), `%m` month, `%b` `%B` its name, `%d` `%e` day, `%H`
/// `%k` hour, `%I` hour of half a day, `%p` AM or PM, `%M` minute, `%S` second, `%f` fraction, `%z` zone, `%a` `%A` weekday,
/// `%j` day of the year, `%F` for `%Y-%m-%d`, `%T` for `%H:%M:%S`, `%%`. A blank stands for any number of them.
package struct TimePattern: Hashable, Sendable {
  package let text: String
  private let letters: [UInt8]

  /// nil where there is a letter behind a `%` that is none of these, or no `%` at all.
  package init?(_ text: String) {
    self.text = text
    var expanded: [UInt8] = []
    var isLetter = false
    var letters = 0
    for byte in text.utf8 {
      if isLetter {
        letters += 1
        switch byte {
        case UInt8(ascii: "F"): expanded.append(contentsOf: Array("%Y-%m-%d".utf8))
        case UInt8(ascii: "T"): expanded.append(contentsOf: Array("%H:%M:%S".utf8))
        default:
          guard "YymbBdeHkIpMSfzaAj%".utf8.contains(byte) else { return nil }
          expanded.append(contentsOf: [UInt8(ascii: "%"), byte])
        }
        isLetter = false
      } else if byte == UInt8(ascii: "%") {
        isLetter = true
      } else {
        expanded.append(byte)
      }
    }
    if isLetter || letters == 0 { return nil }
    self.letters = expanded
  }

  /// What the pattern has found so far.
  private struct Fields {
    var (year, month, day, dayOfYear) = (1970, 1, 1, nil as Int?)
    var (hour, minute, second, half) = (0, 0, 0, nil as Int?)
    var fraction: Int64 = 0
    var zone = 0
  }

  /// nil where the text does not follow the pattern or is no time.
  func microseconds(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard var text = TimeCursor(bytes, range) else { return nil }
    var fields = Fields()
    var at = 0
    while at < letters.count {
      let byte = letters[at]
      at += 1
      if byte == UInt8(ascii: "%") {
        guard Self.read(letters[at], from: &text, into: &fields) else { return nil }
        at += 1
      } else if Byte.isBlank(byte) {
        text.skipBlanks()
      } else {
        guard text.take(Unicode.Scalar(byte)) else { return nil }
      }
    }
    guard text.isAtEnd,
      let days = fields.dayOfYear.map({ day in
        CivilDate.daysSince1970(year: fields.year, month: 1, day: 1).map { $0 + day - 1 }
      }) ?? CivilDate.daysSince1970(year: fields.year, month: fields.month, day: fields.day)
    else { return nil }
    var hour = fields.hour
    if let half = fields.half {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + 12 * half
    }
    guard hour < 24, fields.minute < 60, fields.second <= 60 else { return nil }
    let seconds = days * 86_400 + hour * 3_600 + fields.minute * 60 + fields.second - fields.zone
    return Int64(seconds) * 1_000_000 + fields.fraction
  }

  private static func read(_ letter: UInt8, from text: inout TimeCursor, into fields: inout Fields) -> Bool {
    func number(_ most: Int, _ field: WritableKeyPath<Fields, Int>) -> Bool {
      guard let value = text.number(atMost: most) else { return false }
      fields[keyPath: field] = value
      return true
    }
    switch Unicode.Scalar(letter) {
    case "Y": return number(4, \.year)
    case "y":
      guard let value = text.digits(2) else { return false }
      fields.year = value < 69 ? 2000 + value : 1900 + value
      return true
    case "m": return number(2, \.month)
    case "d", "e":
      text.skipBlanks()
      return number(2, \.day)
    case "j":
      guard let value = text.number(atMost: 3), (1...366).contains(value) else { return false }
      fields.dayOfYear = value
      return true
    case "H", "k", "I":
      text.skipBlanks()
      return number(2, \.hour)
    case "M": return number(2, \.minute)
    case "S": return number(2, \.second)
    case "f":
      guard let value = text.millionths() else { return false }
      fields.fraction = value
      return true
    case "p":
      guard let word = text.word(), let half = ["am": 0, "pm": 1][word] else { return false }
      fields.half = half
      return true
    case "z":
      guard let zone = text.zone() else { return false }
      fields.zone = zone
      return true
    case "b", "B":
      guard let word = text.word(), let month = WrittenDate.month(word) else { return false }
      fields.month = month
      return true
    case "a", "A": return text.word() != nil
    default: return text.take("%")
    }
  }
}
