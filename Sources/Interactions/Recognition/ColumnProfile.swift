/// What the sampled values of one column look like: how many of them are numbers, times of which form, lists, words.
struct ColumnProfile {
  /// The sampled values in the order of the rows.
  let values: [[UInt8]]
  /// Values that are neither empty nor a word for "missing".
  private(set) var present = 0
  private(set) var numbers = 0
  /// Numbers without a fraction.
  private(set) var whole = 0
  /// Numbers such as `1.23457E+12`, of which most digits are lost.
  private(set) var rounded = 0
  /// Numbers whose decimals stand behind a comma.
  private(set) var commas = 0
  /// `hh:mm` and the like.
  private(set) var clocks = 0
  /// `[1, 2]`, `{1,2}`, `(1 2)`.
  private(set) var brackets = 0
  /// By separator, the values that it cuts into two or more.
  private(set) var separated: [UInt8: Int] = [:]
  /// How many values have a known form of time, by form; Unix times only between 1990 and the end of next year.
  private(set) var forms: [TimeForm: Int] = [:]
  /// Values 0 and −1, which mean "no time" among Unix times.
  private(set) var noTimes = 0
  /// Different values that are present.
  private(set) var distinct = 0
  /// The smallest and the largest number.
  private(set) var range: ClosedRange<Double>?
  /// By shape, how many values have it.
  private(set) var shapes: [[UInt8]: Int] = [:]

  init(_ values: [[UInt8]]) {
    self.values = values
    var seen = IdentifierTable()
    for value in values {
      let bytes = value.span
      let whole = Byte.trimmed(bytes, 0..<bytes.count)
      if whole.isEmpty || MissingWords.contains(bytes, whole) { continue }
      present += 1
      _ = seen.insert(bytes, whole)
      shapes[Self.shape(bytes, whole), default: 0] += 1
      note(bytes, whole)
    }
    distinct = seen.count
  }

  private mutating func note(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    if let number = NumberText.value(bytes, range) {
      numbers += 1
      if number.isWhole { whole += 1 }
      if number.hasComma { commas += 1 }
      if NumberText.isRounded(bytes, range) { rounded += 1 }
      let low = min(self.range?.lowerBound ?? number.value, number.value)
      self.range = low...max(self.range?.upperBound ?? number.value, number.value)
      if let unix = UnixNumber(bytes, range) {
        if unix.isNoTime {
          noTimes += 1
        } else if let unit = PlausibleTimes.unit(of: unix) {
          forms[.unix(unit), default: 0] += 1
        }
      }
    } else if TimeForm.isMissing(bytes, range) {
      noTimes += 1
    }
    for form in TimeForm.possible(bytes, range) where form.microseconds(bytes, range) != nil {
      // Between dots the day comes first; the month only where the day would be wrong.
      let isDotted = form == .calendar(.monthDayYear) && range.contains { bytes[$0] == UInt8(ascii: ".") }
      if isDotted, WrittenDate.calendar(bytes, range, order: .dayMonthYear) != nil { continue }
      forms[form, default: 0] += 1
    }
    if Byte.isDigit(bytes[range.lowerBound]), ClockForm.text.microseconds(bytes, range) != nil { clocks += 1 }
    noteLists(bytes, range)
  }

  private mutating func noteLists(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    let pairs = [Byte.openBracket: Byte.closeBracket, Byte.openBrace: Byte.closeBrace, 0x28: 0x29]
    if range.count >= 2, pairs[bytes[range.lowerBound]] == bytes[range.upperBound - 1] { brackets += 1 }
    for separator in [Byte.comma, UInt8(ascii: ";"), UInt8(ascii: "|"), Byte.blank] {
      if range.contains(where: { bytes[$0] == separator }) { separated[separator, default: 0] += 1 }
    }
  }

  /// The text with every run of digits, of small and of large letters as one character: `user_000001` is `a_9`.
  static func shape(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var shape: [UInt8] = []
    for position in range {
      let kind: UInt8 =
        switch bytes[position] {
        case Byte.zero...Byte.nine: Byte.nine
        case UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...: UInt8(ascii: "a")
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(ascii: "A")
        default: bytes[position]
        }
      if shape.last != kind { shape.append(kind) }
    }
    return shape
  }
}

extension ColumnProfile {
  func share(_ count: Int) -> Double { present == 0 ? 0 : Double(count) / Double(present) }

  var isEmpty: Bool { present == 0 }
  var isConstant: Bool { distinct == 1 }
  var isNumeric: Bool { !isEmpty && share(numbers) >= 0.95 }
  /// Numbers of which many have a fraction: measures, prices, coordinates.
  var isFractional: Bool { isNumeric && share(numbers - whole) >= 0.5 }
  var isBracketedList: Bool { !isEmpty && share(brackets) >= 0.9 }
  /// Numbers of a small range such as ratings, counts and flags.
  var isScale: Bool {
    isNumeric && distinct <= 21 && (range.map { $0.lowerBound >= -1 && $0.upperBound <= 100 } ?? false)
  }
  /// A few words or small numbers again and again, such as `view`, `cart`, `purchase`.
  var isKinds: Bool { distinct <= 40 && distinct * 4 <= present }
  /// Every value another one.
  var isUnique: Bool { distinct == values.count && present >= 3 }
  /// 0, 1, 2, … or 1, 2, 3, …: the number of the row.
  func isRowNumber(head: Int) -> Bool {
    guard head >= 3, head <= values.count, let first = Int(String(decoding: values[0], as: UTF8.self)), first <= 2
    else {
      return false
    }
    return (0..<head).allSatisfy { Int(String(decoding: values[$0], as: UTF8.self)) == first + $0 }
  }
  /// Several words with blanks between them.
  var isText: Bool { !isNumeric && share(separated[Byte.blank] ?? 0) >= 0.5 && time == nil }
  /// What may be ids, were it not for times: neither fractions, lists nor clocks.
  var holdsIDs: Bool {
    !isEmpty && !isFractional && !isBracketedList && !isClock && share(rounded) < 0.05
  }
  var mayBeID: Bool { holdsIDs && time == nil }
  var isClock: Bool { !isEmpty && share(clocks) >= 0.95 }

  /// The form in which the values are times, where nine tenths of them are.
  var time: TimeEvidence? {
    guard let best = TimeEvidence(self), best.share >= 0.9 else { return nil }
    return best
  }
}

/// Numbers as files hold them, with a point or a comma before the decimals.
enum NumberText {
  /// Whether a number has fewer digits than its size asks for, as a spreadsheet shows long ones: `1.23457E+12`.
  static func isRounded(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard let mark = range.first(where: { bytes[$0] | 0x20 == UInt8(ascii: "e") }), mark + 1 < range.upperBound,
      bytes[mark + 1] == UInt8(ascii: "+"),
      let power = Int(String(decoding: (mark + 1..<range.upperBound).map { bytes[$0] }, as: UTF8.self))
    else { return false }
    let digits = (range.lowerBound..<mark).count { Byte.isDigit(bytes[$0]) }
    return power >= 6 && digits <= power
  }

  static func value(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (value: Double, isWhole: Bool, hasComma: Bool)? {
    guard range.count <= 40, let first = range.first else { return nil }
    let isStart = Byte.isDigit(bytes[first]) || "+-.,".utf8.contains(bytes[first])
    guard isStart, range.contains(where: { Byte.isDigit(bytes[$0]) }) else { return nil }
    var commas = 0
    var text: [UInt8] = []
    for position in range {
      let byte = bytes[position]
      guard Byte.isDigit(byte) || "+-.,eE".utf8.contains(byte) else { return nil }
      if byte == Byte.comma { commas += 1 }
      text.append(byte == Byte.comma ? UInt8(ascii: ".") : byte)
    }
    guard commas <= 1, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
    return (value, value == value.rounded(), commas == 1)
  }
}
