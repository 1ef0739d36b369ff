/// Dates and times of the proleptic Gregorian calendar as ISO 8601 writes them.
package enum ISO8601 {
  /// Microseconds since 1970-01-01 UTC of `YYYY-MM-DD[(T| )hh[:mm[:ss[(.|,)f…]]][Z| UTC|±hh[:mm]]]`; nil for anything else.
  ///
  /// A time without a zone is UTC; digits finer than a microsecond are cut off; second 60 is the next minute's first.
  static func microseconds(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard var text = TimeCursor(bytes, range), let year = text.digits(4), text.take("-"), let month = text.digits(2),
      text.take("-"), let day = text.digits(2),
      let days = CivilDate.daysSince1970(year: year, month: month, day: day)
    else { return nil }
    let date = Int64(days) * 86_400_000_000
    if text.isAtEnd { return date }
    guard text.take("T") || text.take("t") || text.take(" "), let clock = text.clock(strict: true),
      let zone = text.zone(), text.isAtEnd
    else { return nil }
    return date + clock - Int64(zone) * 1_000_000
  }

  /// Microseconds since 1970-01-01 UTC of a date or time; nil for any other text.
  package static func microseconds(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    return microseconds(bytes.span, 0..<bytes.count)
  }

  /// `time` (microseconds since 1970-01-01 UTC) as `YYYY-MM-DDThh:mm:ssZ`, with decimals only where there are any.
  package static func text(_ time: Int64) -> String {
    let seconds = time.floorDivided(by: 1_000_000)
    // Of the least times the product is beyond the numbers, the difference is not.
    let micros = time &- seconds &* 1_000_000
    let days = seconds.floorDivided(by: 86_400)
    let clock = Int(seconds - days * 86_400)
    let (year, month, day) = CivilDate.date(daysSince1970: Int(days))
    var text = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
    text += "\(padded(clock / 3_600, 2)):\(padded(clock / 60 % 60, 2)):\(padded(clock % 60, 2))"
    if micros > 0 {
      var decimals = padded(Int(micros), 6)
      while decimals.last == "0" { decimals.removeLast() }
      text += ".\(decimals)"
    }
    return text + "Z"
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
