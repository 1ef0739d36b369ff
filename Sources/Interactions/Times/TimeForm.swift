/// How a log writes its times.
package enum TimeForm: Hashable, Sendable {
  /// Numbers since 1970-01-01 UTC.
  case unix(TimeUnit)
  case iso8601
  /// `yyyymmdd`, also with `hh`, `hhmm` or `hhmmss` behind it.
  case digits
  /// Numbers between `/`, `.` or `-`.
  case calendar(DateOrder)
  /// With an English name for the month.
  case monthName
  /// `mmdd` without a year: an order within one.
  case monthAndDay
  /// Days since 1899-12-30.
  case excelSerial
  /// As `--time-format` says.
  case pattern(TimePattern)

  /// Forms that are recognized by themselves, most telling first.
  static let recognized: [TimeForm] = [
    .iso8601, .digits, .calendar(.yearMonthDay), .calendar(.dayMonthYear), .calendar(.monthDayYear), .monthName,
  ]

  /// The recognized forms that a text of this kind can have, without reading it: dates hold digits, and most begin with one.
  static func possible(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [TimeForm] {
    guard (8...40).contains(range.count) else { return [] }
    var holdsLetters = false
    var holdsDigits = false
    for position in range {
      if Byte.isDigit(bytes[position]) { holdsDigits = true } else if bytes[position] >= 0x41 { holdsLetters = true }
    }
    if !holdsDigits { return [] }
    if !Byte.isDigit(bytes[range.lowerBound]) { return holdsLetters ? [.monthName] : [] }
    return holdsLetters ? recognized : recognized.dropLast()
  }

  /// As a sentence names it.
  package var title: String {
    switch self {
    case .unix(let unit): "Unix \(unit.rawValue)"
    case .iso8601: "ISO 8601"
    case .digits: "yyyymmdd"
    case .calendar(let order): order.rawValue
    case .monthName: "dates with the month's name"
    case .monthAndDay: "mmdd"
    case .excelSerial: "Excel days"
    case .pattern(let pattern): "the format \(pattern.text)"
    }
  }

  /// Microseconds since 1970-01-01 UTC of a text in this form, which is no Unix time; nil where it is in another.
  func microseconds(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    switch self {
    case .unix: nil
    case .iso8601: ISO8601.microseconds(bytes, range)
    case .digits: WrittenDate.digits(bytes, range)
    case .calendar(let order): WrittenDate.calendar(bytes, range, order: order)
    case .monthName: WrittenDate.named(bytes, range)
    case .monthAndDay: WrittenDate.monthAndDay(bytes, range)
    case .excelSerial: WrittenDate.excelSerial(bytes, range)
    case .pattern(let pattern): pattern.microseconds(bytes, range)
    }
  }
}

/// By one word, which is what `--time-format` and `--time-unit` take.
extension TimeForm: CodableAsText {
  package init?(rawValue: String) {
    if let unit = TimeUnit(rawValue: rawValue) {
      self = .unix(unit)
    } else if let order = DateOrder(rawValue: rawValue) {
      self = .calendar(order)
    } else {
      switch rawValue {
      case "iso8601": self = .iso8601
      case "yyyymmdd": self = .digits
      case "month-name": self = .monthName
      case "mmdd": self = .monthAndDay
      case "excel": self = .excelSerial
      default:
        guard let pattern = TimePattern(rawValue) else { return nil }
        self = .pattern(pattern)
      }
    }
  }

  package var rawValue: String {
    switch self {
    case .unix(let unit): unit.rawValue
    case .iso8601: "iso8601"
    case .digits: "yyyymmdd"
    case .calendar(let order): order.rawValue
    case .monthName: "month-name"
    case .monthAndDay: "mmdd"
    case .excelSerial: "excel"
    case .pattern(let pattern): pattern.text
    }
  }
}
