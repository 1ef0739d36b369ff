/// Walks over the bytes of one time.
struct TimeCursor {
  private static let longest = 64

  private var bytes = InlineArray<64, UInt8>(repeating: 0)
  private(set) var position = 0
  private let end: Int

  /// A cursor over a copy of the bytes at `range`; nil where they are too many for a time.
  init?(_ text: Span<UInt8>, _ range: Range<Int>) {
    guard range.count <= Self.longest else { return nil }
    end = range.count
    for offset in 0..<end { bytes[offset] = text[range.lowerBound + offset] }
  }

  var isAtEnd: Bool { position == end }

  /// The byte at hand; nil at the end.
  var next: UInt8? { position < end ? bytes[position] : nil }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < end, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func skipBlanks() {
    while position < end, Byte.isBlank(bytes[position]) { position += 1 }
  }

  /// Exactly `count` digits.
  mutating func digits(_ count: Int) -> Int? {
    let start = position
    guard let value = number(atMost: count), position - start == count else {
      position = start
      return nil
    }
    return value
  }

  /// One to `most` digits.
  mutating func number(atMost most: Int) -> Int? {
    let start = position
    var value = 0
    while position < end, position - start < most, Byte.isDigit(bytes[position]) {
      value = value * 10 + Int(bytes[position] - Byte.zero)
      position += 1
    }
    return position > start ? value : nil
  }

  /// How many digits follow.
  var digitCount: Int {
    var at = position
    while at < end, Byte.isDigit(bytes[at]) { at += 1 }
    return at - position
  }

  /// The digits of a fraction as millionths; at least one; what is finer is cut off.
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

  /// The letters that follow, in lower case.
  mutating func word() -> String? {
    let start = position
    var letters = ""
    while position < end, Self.isLetter(bytes[position]) {
      letters.unicodeScalars.append(Unicode.Scalar(bytes[position] | 0x20))
      position += 1
    }
    return position > start ? letters : nil
  }

  /// Seconds east of UTC as `Z`, `UTC`, `GMT`, `±hh[[:]mm]`, also behind a blank; 0 where no zone is written.
  mutating func zone() -> Int? {
    skipBlanks()
    if isAtEnd { return 0 }
    if let first = next, Self.isLetter(first) {
      guard let name = word(), ["z", "utc", "gmt"].contains(name) else { return nil }
      if isAtEnd { return 0 }
    }
    let east = take("+")
    guard east || take("-"), let hours = digits(2), hours < 24 else { return nil }
    _ = take(":")
    let minutes = isAtEnd ? 0 : digits(2)
    guard let minutes, minutes < 60 else { return nil }
    return (east ? 1 : -1) * (hours * 3_600 + minutes * 60)
  }

  /// A time of day in microseconds: `hh[:mm[:ss[(.|,)f…]]][ AM| PM]`, hours of one or two digits unless `strict`.
  ///
  /// Second 60 is the next minute's first.
  mutating func clock(strict: Bool = false) -> Int64? {
    guard let hour = strict ? digits(2) : number(atMost: 2) else { return nil }
    var hours = hour
    var rest: Int64 = 0
    if take(":") {
      guard let minute = digits(2), minute < 60 else { return nil }
      rest = Int64(minute) * 60_000_000
      if take(":") {
        guard let second = digits(2), second <= 60 else { return nil }
        rest += Int64(second) * 1_000_000
        if take(".") || take(",") {
          guard let fraction = millionths() else { return nil }
          rest += fraction
        }
      }
    }
    if let half = halfOfDay() {
      guard (1...12).contains(hours) else { return nil }
      hours = hours % 12 + half * 12
    }
    guard hours < 24 else { return nil }
    return Int64(hours) * 3_600_000_000 + rest
  }

  /// 0 for AM, 1 for PM, also as `a.m.`; nil where neither follows.
  private mutating func halfOfDay() -> Int? {
    let start = position
    skipBlanks()
    if let first = next, let half = [UInt8(ascii: "a"): 0, UInt8(ascii: "p"): 1][first | 0x20] {
      position += 1
      let dotted = take(".")
      if let second = next, second | 0x20 == UInt8(ascii: "m") {
        position += 1
        if dotted { _ = take(".") }
        if next.map({ !Self.isLetter($0) }) ?? true { return half }
      }
    }
    position = start
    return nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
}
