import Interactions

/// Changes of JSON that keep to its grammar, for the most part: a value in another's place, a member gone or twice.
enum JSONMutation {
  static let edges = [
    "null", "true", "-1", "0", "1", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
    "1e308", "1e999", "0.5", "-0.0", "\"\"", "\"x\"", "\"\\u0000\"", "\"[MASK]\"", "[]", "{}", "[[]]", "{\"a\":1}",
    "1000000",
    "\"9223372036854775807\"", "[1,2,3,4,5,6,7,8,9]", "\"\\u001b[2J\"",
  ]

  static func change(_ bytes: inout [UInt8], using random: inout SplitMix64) -> String {
    let values = values(of: bytes)
    guard !values.isEmpty else { return "no value to change" }
    let value = values.pick(using: &random)
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range].prefix(40), as: UTF8.self) }
    let old = text(value)
    switch random.below(8) {
    case 0..<4:
      let edge = edges.pick(using: &random)
      bytes.replaceSubrange(value, with: Array(edge.utf8))
      return "\(old) at byte \(value.lowerBound) replaced by \(edge)"
    case 4, 5:
      let other = values.pick(using: &random)
      let new = text(other)
      bytes.replaceSubrange(value, with: Array(bytes[other]))
      return "\(old) at byte \(value.lowerBound) replaced by \(new)"
    case 6:
      // With its name, where it has one, and the comma behind it or before it.
      var range = value
      if let name = name(of: value, in: bytes) { range = name..<range.upperBound }
      if let comma = next(bytes, from: range.upperBound), bytes[comma] == UInt8(ascii: ",") {
        range = range.lowerBound..<comma + 1
      } else if let comma = previous(bytes, before: range.lowerBound), bytes[comma] == UInt8(ascii: ",") {
        range = comma..<range.upperBound
      }
      bytes.removeSubrange(range)
      return "\(old) at byte \(value.lowerBound) taken away"
    default:
      let start = name(of: value, in: bytes) ?? value.lowerBound
      bytes.insert(contentsOf: [UInt8(ascii: ",")] + bytes[start..<value.upperBound], at: value.upperBound)
      return "\(old) at byte \(value.lowerBound) stands twice"
    }
  }

  /// Another header over the same numbers, its length right or at an edge.
  static func changeHeader(_ bytes: inout [UInt8], using random: inout SplitMix64) -> String {
    guard bytes.count > 8 else { return FileShape.field(&bytes, using: &random) }
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length >= 2, length <= bytes.count - 8 else { return "no header" }
    if random.below(8) == 0 { return FileShape.field(&bytes, using: &random, in: 0..<8) }
    if random.below(8) == 0 { return FileShape.field(&bytes, using: &random, in: 8 + length..<bytes.count) }
    var header = Array(bytes[8..<8 + length])
    var what = change(&header, using: &random)
    if random.below(4) == 0 { what += "; " + change(&header, using: &random) }
    let prefix = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    bytes.replaceSubrange(..<(8 + length), with: prefix + header)
    return what
  }

  /// Where values stand: scalars, arrays and objects, but no names.
  private static func values(of bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var open: [Int] = []
    var at = 0
    while at < bytes.count {
      let start = at
      switch bytes[at] {
      case UInt8(ascii: "\""):
        at += 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
        at = min(at + 1, bytes.count)
        if next(bytes, from: at).map({ bytes[$0] != UInt8(ascii: ":") }) ?? true { found.append(start..<at) }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        open.append(at)
        at += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        at += 1
        if let begin = open.popLast() { found.append(begin..<at) }
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "a")...UInt8(ascii: "z"):
        while at < bytes.count, !",]}: \n".utf8.contains(bytes[at]) { at += 1 }
        found.append(start..<at)
      default: at += 1
      }
    }
    return found
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }
  private static func next(_ bytes: [UInt8], from start: Int) -> Int? {
    bytes.indices.clamped(to: start..<max(start, bytes.count)).first { !isSpace(bytes[$0]) }
  }
  private static func previous(_ bytes: [UInt8], before end: Int) -> Int? {
    (0..<end).last { !isSpace(bytes[$0]) }
  }

  /// Where the name of the member whose value stands at `value` begins; nil where it is an element.
  private static func name(of value: Range<Int>, in bytes: [UInt8]) -> Int? {
    guard let colon = previous(bytes, before: value.lowerBound), bytes[colon] == UInt8(ascii: ":"),
      let end = previous(bytes, before: colon), bytes[end] == UInt8(ascii: "\"")
    else { return nil }
    return (0..<end).last { bytes[$0] == UInt8(ascii: "\"") }
  }
}
