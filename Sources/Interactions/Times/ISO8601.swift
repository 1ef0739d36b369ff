/// Dates and times of the proleptic Gregorian calendar as ISO 8601 writes them.
package enum ISO8601 {
  /// Microseconds since 1970-01-01 UTC of `YYYY-MM-DD[(T| )hh:mm[:ss[(.|,)f…]][Z| UTC|±hh[:mm]]]`; nil for anything else.
  ///
  /// A time without a zone is UTC; digits finer than a microsecond are cut off; second 60 is the next minute's first.
  static func microseconds(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard var text = Cursor(bytes, range), let year = text.digits(4), text.take("-"), let month = text.digits(2),
      text.take("-"),
      let day = text.digits(2), (1...12).contains(month), day >= 1, day <= days(in: month, of: year)
    else { return nil }
    var seconds = Int64(daysSince1970(year: year, month: month, day: day)) * 86_400
    if text.isAtEnd { return seconds * 1_000_000 }
    guard text.take("T") || text.take("t") || text.take(" "), let hour = text.digits(2), hour < 24, text.take(":"),
      let minute = text.digits(2), minute < 60
    else { return nil }
    seconds += Int64(hour * 3_600 + minute * 60)
    var micros: Int64 = 0
    if text.take(":") {
      guard let second = text.digits(2), second <= 60 else { return nil }
      seconds += Int64(second)
      if text.take(".") || text.take(",") {
        guard let fraction = text.millionths() else { return nil }
        micros = fraction
      }
    }
    guard let zone = text.zone(), text.isAtEnd else { return nil }
    return (seconds - Int64(zone)) * 1_000_000 + micros
  }

  /// `time` (microseconds since 1970-01-01 UTC) as `YYYY-MM-DDThh:mm:ssZ`, with decimals only where there are any.
  package static func text(_ time: Int64) -> String {
    let seconds = time.floorDivided(by: 1_000_000)
    let micros = time - seconds * 1_000_000
    let days = seconds.floorDivided(by: 86_400)
    let clock = Int(seconds - days * 86_400)
    let (year, month, day) = date(daysSince1970: Int(days))
    var text = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
    text += "\(padded(clock / 3_600, 2)):\(padded(clock / 60 % 60, 2)):\(padded(clock % 60, 2))"
    if micros > 0 {
      var decimals = padded(Int(micros), 6)
      while decimals.last == "0" { decimals.removeLast() }
      text += ".\(decimals)"
    }
    return text + "Z"
  }

  /// - Source: H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted.floorDivided(by: 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// - Source: as `daysSince1970`, civil_from_days.
  private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted.floorDivided(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  private static func days(in month: Int, of year: Int) -> Int {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Walks over the bytes of one date.
  private struct Cursor {
    static let longest = 40
    private var bytes = InlineArray<40, UInt8>(repeating: 0)
    private var position = 0
    private let end: Int

    /// A cursor over a copy of the bytes at `range`; nil where they are too many for a date.
    init?(_ text: Span<UInt8>, _ range: Range<Int>) {
      guard range.count <= Self.longest else { return nil }
      end = range.count
      for offset in 0..<end { bytes[offset] = text[range.lowerBound + offset] }
    }

    var isAtEnd: Bool { position == end }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard position < end, bytes[position] == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    mutating func digits(_ count: Int) -> Int? {
      guard position + count <= end else { return nil }
      var value = 0
      for _ in 0..<count {
        guard Byte.isDigit(bytes[position]) else { return nil }
        value = value * 10 + Int(bytes[position] - Byte.zero)
        position += 1
      }
      return value
    }

    /// The digits of a fraction as millionths; at least one.
    mutating func millionths() -> Int64? {
      let start = position
      var value: Int64 = 0
      while position < end, Byte.isDigit(bytes[position]) {
        if position - start < 6 { value = value * 10 + Int64(bytes[position] - Byte.zero) }
        position += 1
      }
      guard position > start else { return nil }
      for _ in min(6, position - start)..<6 { value *= 10 }
      return value
    }

    /// Seconds east of UTC; 0 where no zone is written.
    mutating func zone() -> Int? {
      if isAtEnd || take("Z") || take("z") { return 0 }
      if take(" ") { return take("U") && take("T") && take("C") ? 0 : nil }
      let east = take("+")
      guard east || take("-"), let hours = digits(2), hours < 24 else { return nil }
      _ = take(":")
      let minutes = isAtEnd ? 0 : digits(2)
      guard let minutes, minutes < 60 else { return nil }
      return (east ? 1 : -1) * (hours * 3_600 + minutes * 60)
    }
  }
}

extension FixedWidthInteger where Self: SignedInteger {
  /// The quotient rounded towards negative infinity.
  fileprivate func floorDivided(by divisor: Self) -> Self {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
