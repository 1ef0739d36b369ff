/// Reads the times of one log: 64-bit, exact to the microsecond, all in one form.
///
/// The form is known from the sample; a time in another one is not read as if it were in this.
struct TimeReader {
  enum Reading: Equatable {
    /// Microseconds since 1970-01-01 UTC.
    case time(Int64)
    /// Empty, NaN, null and their like; in Unix times that were recognized, also 0 and −1.
    case missing
    case unreadable
    /// A time in another form than the log's.
    case mixed(TimeForm)
  }

  let form: TimeForm
  /// Whether the user named the form, so that any number of its unit is a time.
  private let isNamed: Bool
  private let unit: TimeUnit?
  /// The line of the first time that was read; 0 before.
  private(set) var firstLine = 0

  init(_ form: TimeForm, isNamed: Bool) {
    self.form = form
    self.isNamed = isNamed
    if case .unix(let unit) = form { self.unit = unit } else { unit = nil }
  }

  /// Lines are those of another file from here on.
  mutating func startFile() { firstLine = 0 }

  /// Another reader has read a time on this line of the file.
  mutating func noteTime(line: Int) {
    if firstLine == 0 { firstLine = line }
  }

  /// The time at `range` of `bytes`, which stands on `line`.
  mutating func read(_ bytes: Span<UInt8>, _ range: Range<Int>, line: Int) -> Reading {
    let range = Byte.trimmed(bytes, range)
    if range.isEmpty { return .missing }
    let reading = unit.map { readUnix(bytes, range, unit: $0) } ?? readWritten(bytes, range)
    if firstLine == 0, case .time = reading { firstLine = line }
    return reading
  }

  private func readUnix(_ bytes: Span<UInt8>, _ range: Range<Int>, unit: TimeUnit) -> Reading {
    guard let number = UnixNumber(bytes, range) else {
      if TimeForm.isMissing(bytes, range) { return .missing }
      return TimeForm.recognized.first { $0.microseconds(bytes, range) != nil }.map { .mixed($0) } ?? .unreadable
    }
    if !isNamed {
      if number.isNoTime { return .missing }
      let found = TimeUnit.of(magnitude: number.whole.magnitude)
      if found != unit { return .mixed(.unix(found)) }
    }
    return number.microseconds(in: unit).map { .time($0) } ?? .unreadable
  }

  private func readWritten(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Reading {
    if let time = form.microseconds(bytes, range) { return .time(time) }
    if TimeForm.isMissing(bytes, range) { return .missing }
    if let other = TimeForm.recognized.first(where: { $0.microseconds(bytes, range) != nil }) { return .mixed(other) }
    guard let number = UnixNumber(bytes, range) else { return .unreadable }
    return number.isNoTime ? .missing : .mixed(.unix(TimeUnit.of(magnitude: number.whole.magnitude)))
  }
}

extension TimeForm {
  /// Whether the text means that there is no time.
  static func isMissing(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    if MissingWords.contains(bytes, range) { return true }
    guard range.count >= 10, range.count <= 32 else { return range.count == 1 && bytes[range.lowerBound] == 0x2D }
    // MySQL writes no date as 0000-00-00.
    return range.allSatisfy { bytes[$0] == Byte.zero || "-:/. TZ".utf8.contains(bytes[$0]) }
  }
}

/// A number that may be a Unix time: whole, with decimals, or with an exponent.
struct UnixNumber {
  let whole: Int64
  /// Millionths of one, with the sign of the number.
  let millionths: Int64

  /// Whether it stands for no time, where others are times.
  var isNoTime: Bool { millionths == 0 && (whole == 0 || whole == -1) }

  init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    guard let first = range.first else { return nil }
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
      guard !overflow, value <= UInt64(Int64.max) else { return nil }
    }
    guard position > start else { return nil }
    var fraction: Int64 = 0
    if position < range.upperBound {
      guard let rest = Self.rest(bytes, range, at: position) else {
        guard let number = Self.exponential(bytes, range) else { return nil }
        self = number
        return
      }
      fraction = rest
    }
    whole = negative ? -Int64(value) : Int64(value)
    millionths = negative ? -fraction : fraction
  }

  private init(whole: Int64, millionths: Int64) {
    self.whole = whole
    self.millionths = millionths
  }

  func microseconds(in unit: TimeUnit) -> Int64? { unit.microseconds(whole, millionths: millionths) }

  /// The decimals behind a point or a comma as millionths; nil where something else follows the digits.
  private static func rest(_ bytes: Span<UInt8>, _ range: Range<Int>, at position: Int) -> Int64? {
    guard bytes[position] == UInt8(ascii: ".") || bytes[position] == Byte.comma else { return nil }
    var value: Int64 = 0
    for offset in 1...6 {
      let at = position + offset
      if at < range.upperBound {
        guard Byte.isDigit(bytes[at]) else { return nil }
        value = value * 10 + Int64(bytes[at] - Byte.zero)
      } else {
        value *= 10
      }
    }
    var at = position + 7
    while at < range.upperBound {
      guard Byte.isDigit(bytes[at]) else { return nil }
      at += 1
    }
    return value
  }

  private static func exponential(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UnixNumber? {
    let text = String(decoding: range.map { bytes[$0] }, as: UTF8.self)
    guard text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }), let number = Double(text), number.isFinite,
      abs(number) < 9e18
    else { return nil }
    let whole = number.rounded(.towardZero)
    return UnixNumber(whole: Int64(whole), millionths: Int64((number - whole) * 1e6))
  }
}
