/// Reads the times of one log: 64-bit, exact to the microsecond, all in one unit.
///
/// Unix seconds, milliseconds, microseconds and nanoseconds are told apart by magnitude, whole or with decimals;
/// anything else must be ISO 8601.
struct TimeReader {
  enum Reading: Equatable {
    /// Microseconds since 1970-01-01 UTC.
    case time(Int64)
    /// Empty, NaN, null and their like.
    case missing
    case unreadable
    /// A time in another unit than the log's first.
    case mixed(TimeUnit)
  }

  /// The unit of the log; nil before the first time other than 0, which is the same in every unit.
  private(set) var unit: TimeUnit?
  /// The line that told the unit.
  private(set) var unitLine = 0

  /// The time at `range` of `bytes`, which stands on `line`.
  mutating func read(_ bytes: Span<UInt8>, _ range: Range<Int>, line: Int) -> Reading {
    var range = range
    while let first = range.first, Byte.isBlank(bytes[first]) { range = first + 1..<range.upperBound }
    while let last = range.last, Byte.isBlank(bytes[last]) { range = range.lowerBound..<last }
    guard let first = range.first else { return .missing }
    let negative = bytes[first] == UInt8(ascii: "-")
    let start = negative ? first + 1 : first
    var position = start
    var value: UInt64 = 0
    while position < range.upperBound, Byte.isDigit(bytes[position]), position - start < 18 {
      value = value * 10 + UInt64(bytes[position] - Byte.zero)
      position += 1
    }
    if position < range.upperBound, Byte.isDigit(bytes[position]) {
      let (more, overflow) = value.multipliedReportingOverflow(by: 10)
      value = more &+ UInt64(bytes[position] - Byte.zero)
      position += 1
      guard !overflow, value <= UInt64(Int64.max) else { return .unreadable }
    }
    if position == range.upperBound, position > start {
      return unix(value, negative: negative, fraction: nil, line: line)
    }
    return readRest(bytes, range, negative: negative, whole: value, digits: position - start, at: position, line: line)
  }

  /// What is not a plain whole number: decimals, an exponent, ISO 8601, or a word for "missing".
  private mutating func readRest(
    _ bytes: Span<UInt8>, _ range: Range<Int>, negative: Bool, whole: UInt64, digits: Int, at position: Int, line: Int
  ) -> Reading {
    if digits > 0, bytes[position] == UInt8(ascii: ".") {
      let fraction = position + 1..<range.upperBound
      if fraction.allSatisfy({ Byte.isDigit(bytes[$0]) }) {
        let decimals = fraction.prefix(6).map { UInt32(bytes[$0] - Byte.zero) }
        let millionths = (0..<6).reduce(UInt32(0)) { $0 * 10 + ($1 < decimals.count ? decimals[$1] : 0) }
        return unix(whole, negative: negative, fraction: millionths, line: line)
      }
    }
    if let time = ISO8601.microseconds(bytes, range) {
      return accept(.iso8601, time, line: line)
    }
    let text = String(decoding: range.map { bytes[$0] }, as: UTF8.self)
    if Self.missingWords.contains(text.lowercased()) { return .missing }
    guard let number = Double(text), number.isFinite, abs(number) < 9e18, text.utf8.contains(where: Self.isExponent)
    else { return .unreadable }
    let magnitude = abs(number)
    let millionths = (magnitude - magnitude.rounded(.down)) * 1e6
    return unix(UInt64(magnitude), negative: number < 0, fraction: UInt32(millionths), line: line)
  }

  /// A number in the unit that its magnitude tells.
  private mutating func unix(_ whole: UInt64, negative: Bool, fraction millionths: UInt32?, line: Int) -> Reading {
    let unit = TimeUnit.of(magnitude: whole)
    let signed = negative ? -Int64(whole) : Int64(whole)
    var time = unit.microseconds(signed)
    if let millionths, unit.decimals > 0 {
      let part = Int64(unit == .seconds ? millionths : millionths / 1_000)
      time += negative ? -part : part
    }
    if time == 0 { return .time(0) }
    return accept(unit, time, line: line)
  }

  private mutating func accept(_ found: TimeUnit, _ time: Int64, line: Int) -> Reading {
    if unit == found { return .time(time) }
    guard unit == nil else { return .mixed(found) }
    unit = found
    unitLine = line
    return .time(time)
  }

  private static func isExponent(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") }

  private static let missingWords: Set<String> = [
    "nan", "null", "none", "nil", "na", "n/a", "nat", "\\n", "-", "undefined",
  ]
}
