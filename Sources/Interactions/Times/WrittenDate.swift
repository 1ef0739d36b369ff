/// Dates that are written otherwise than ISO 8601 writes them; all in microseconds since 1970-01-01 UTC.
enum WrittenDate {
  /// `yyyymmdd`, `yyyymmddhh`, `yyyymmddhhmm`, `yyyymmddhhmmss`, or `yyyymmdd` with a clock behind `T` or a blank.
  static func digits(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard var text = TimeCursor(bytes, range) else { return nil }
    let count = text.digitCount
    guard [8, 10, 12, 14].contains(count), let year = text.digits(4), let month = text.digits(2),
      let day = text.digits(2), let date = day1970(year, month, day)
    else { return nil }
    if count == 8, !text.isAtEnd {
      // Numbers that went through a table of floats end with `.0`.
      if text.take("."), text.take("0"), text.isAtEnd { return date }
      guard text.take("T") || text.take(" ") else { return nil }
      let clock: Int64
      if text.digitCount == 4 || text.digitCount == 6 {
        guard let part = compactClock(&text) else { return nil }
        clock = part
      } else {
        guard let part = text.clock() else { return nil }
        clock = part
      }
      guard let zone = text.zone(), text.isAtEnd else { return nil }
      return date + clock - Int64(zone) * 1_000_000
    }
    var clock: Int64 = 0
    if count > 8 {
      guard let part = compactClock(&text) else { return nil }
      clock = part
    }
    guard text.isAtEnd else { return nil }
    return date + clock
  }

  private static func compactClock(_ text: inout TimeCursor) -> Int64? {
    guard let hour = text.digits(2), hour < 24 else { return nil }
    let minute = text.digits(2) ?? 0
    let second = text.digits(2) ?? 0
    guard minute < 60, second <= 60 else { return nil }
    return Int64(hour * 3_600 + minute * 60 + second) * 1_000_000
  }

  /// Day, month and year (of four digits) in `order` between `/`, `.` or `-`, or as `MM DD, YYYY`; a clock, AM or PM and a
  /// zone may follow.
  static func calendar(_ bytes: Span<UInt8>, _ range: Range<Int>, order: DateOrder) -> Int64? {
    guard var text = TimeCursor(bytes, range) else { return nil }
    let yearFirst = order == .yearMonthDay
    guard text.digitCount == 4 ? yearFirst : !yearFirst && text.digitCount <= 2,
      let first = text.number(atMost: 4), let separator = text.next, "/.- ".utf8.contains(separator)
    else { return nil }
    _ = text.take(Unicode.Scalar(separator))
    guard text.digitCount <= 2, let second = text.number(atMost: 2) else { return nil }
    if separator == Byte.blank {
      guard order == .monthDayYear, text.take(",") else { return nil }
      text.skipBlanks()
    } else {
      guard text.take(Unicode.Scalar(separator)) else { return nil }
    }
    guard text.digitCount == (yearFirst ? min(2, text.digitCount) : 4), let third = text.number(atMost: 4) else {
      return nil
    }
    let (year, month, day) =
      switch order {
      case .yearMonthDay: (first, second, third)
      case .dayMonthYear: (third, second, first)
      case .monthDayYear: (third, first, second)
      }
    guard let date = day1970(year, month, day) else { return nil }
    if text.isAtEnd { return date }
    guard text.take("T") || text.take(",") || Byte.isBlank(text.next ?? 0) else { return nil }
    text.skipBlanks()
    guard let clock = text.clock(), let zone = text.zone(), text.isAtEnd else { return nil }
    return date + clock - Int64(zone) * 1_000_000
  }

  /// A date whose month is a name in English, as C, mail, web servers and programs write it: `Tue Apr 03 18:00:09 +0000
  /// 2012`, `Sun, 06 Nov 1994 08:49:37 GMT`, `10/Oct/2000:13:55:36 -0700`, `March 1, 2021 8:05 PM`, `1-Mar-2021`.
  static func named(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard var text = TimeCursor(bytes, range) else { return nil }
    var (year, month, day): (Int?, Int?, Int?)
    var clock: Int64?
    var zone: Int?
    while let byte = text.next {
      if " ,-/.:\t".utf8.contains(byte), !(clock != nil && byte == UInt8(ascii: "-")) {
        _ = text.take(Unicode.Scalar(byte))
      } else if Byte.isDigit(byte) {
        let count = text.digitCount
        var ahead = text
        if count <= 2, clock == nil, month != nil, day != nil, ahead.number(atMost: 2) != nil, ahead.take(":") {
          clock = text.clock()
          if clock == nil { return nil }
        } else if count == 4, year == nil {
          year = text.digits(4)
        } else if count <= 2, day == nil {
          day = text.number(atMost: 2)
          var suffix = text
          if let ending = suffix.word(), ["st", "nd", "rd", "th"].contains(ending) { text = suffix }
        } else {
          return nil
        }
      } else if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
        guard clock != nil, zone == nil, let found = offset(&text) else { return nil }
        zone = found
      } else {
        guard let word = text.word() else { return nil }
        if month == nil, let number = Self.month(word) {
          month = number
        } else if weekdays.contains(String(word.prefix(3))), clock == nil {
          continue
        } else if ["z", "utc", "gmt"].contains(word), clock != nil, zone == nil {
          zone = 0
        } else if word != "t" && word != "at" {
          return nil
        }
      }
    }
    guard let year, let month, let day, let date = day1970(year, month, day) else { return nil }
    return date + (clock ?? 0) - Int64(zone ?? 0) * 1_000_000
  }

  /// The number of the month that `word` names, in lower case and with at least three letters.
  static func month(_ word: String) -> Int? {
    months.firstIndex { $0 == word || ($0.hasPrefix(word) && word.utf8.count >= 3) }.map { $0 + 1 }
  }

  /// `±hh[:]mm`
  private static func offset(_ text: inout TimeCursor) -> Int? {
    let east = text.take("+")
    guard east || text.take("-"), let hours = text.digits(2), hours < 24 else { return nil }
    _ = text.take(":")
    guard let minutes = text.digits(2), minutes < 60 else { return nil }
    return (east ? 1 : -1) * (hours * 3_600 + minutes * 60)
  }

  /// Month and day without a year, as `mmdd` with a leading zero left out; in the year 2000.
  static func monthAndDay(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard var text = TimeCursor(bytes, range), (3...4).contains(text.digitCount),
      let value = text.number(atMost: 4), text.isAtEnd
    else { return nil }
    return day1970(2000, value / 100, value % 100)
  }

  /// Days since 1899-12-30 with decimals, as Excel counts them.
  static func excelSerial(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard let days = Double(String(decoding: range.map { bytes[$0] == Byte.comma ? 0x2E : bytes[$0] }, as: UTF8.self)),
      days >= 1, days < 2_958_466
    else { return nil }
    // To the second: a double holds no more than some microseconds of a day this far from 1900.
    return Int64(((days - 25_569) * 86_400).rounded()) * 1_000_000
  }

  private static func day1970(_ year: Int, _ month: Int, _ day: Int) -> Int64? {
    guard (1_800...2_999).contains(year) else { return nil }
    return CivilDate.daysSince1970(year: year, month: month, day: day).map { Int64($0) * 86_400_000_000 }
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ]
  private static let weekdays: Set<String> = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
}

/// In which order a date has its year, month and day.
package enum DateOrder: String, Sendable {
  case yearMonthDay = "year/month/day"
  case dayMonthYear = "day/month/year"
  case monthDayYear = "month/day/year"
}
