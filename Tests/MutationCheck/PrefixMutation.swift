import Interactions

/// Changes of what begins with a line or a header of its own: tables of `numpy.save`, requests over HTTP.
enum PrefixMutation {
  /// Another version, length or header over the same numbers, or another number.
  ///
  /// - Source: numpy.lib.format: magic, two bytes of version, length of the header, a Python dictionary.
  static func numpy(_ bytes: inout [UInt8], using random: inout SplitMix64) -> String {
    guard bytes.count > 12 else { return FileShape.field(&bytes, using: &random) }
    let sizes = bytes[6] == 1 ? 2 : 4
    let length = (0..<sizes).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    let start = 8 + sizes + length
    guard start <= bytes.count else { return FileShape.field(&bytes, using: &random, in: 6..<12) }
    switch random.below(8) {
    case 0: return "version or length: " + FileShape.field(&bytes, using: &random, in: 6..<12)
    case 1 where start < bytes.count:
      return "numbers: " + FileShape.field(&bytes, using: &random, in: start..<bytes.count)
    default: break
    }
    var header = Array(bytes[8 + sizes..<start])
    let what: String
    if random.below(2) == 0 {
      what = FileShape.line(&header, using: &random)
    } else {
      let words = [
        "'<f2'", "'<f4'", "'<f8'", "'>f4'", "'<i8'", "'|O'", "'<U4'", "True", "(3,)", "()", "(0, 0)", "(1, 1)",
        "(4294967296, 4294967296)", "(9223372036854775807, 2)", "(٣, 4)", "((((((((", "'shape':", "'descr':", "{", "}",
      ].map { Array($0.utf8) }
      let word = words.pick(using: &random)
      // In the place of a value: what stands behind a colon, up to a comma outside of parentheses or so.
      let colons = header.indices.filter { header[$0] == UInt8(ascii: ":") }
      let at = colons.isEmpty ? random.below(header.count + 1) : min(colons.pick(using: &random) + 2, header.count)
      let end = header[at...].firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ")") } ?? at
      header.replaceSubrange(at..<end, with: word)
      what = "\(String(decoding: word, as: UTF8.self)) in the header at \(at)"
    }
    let prefix = (0..<sizes).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    bytes.replaceSubrange(8..<start, with: prefix + header)
    return what
  }

  /// Another path, or another body.
  static func request(_ bytes: inout [UInt8], using random: inout SplitMix64) -> String {
    let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    var (path, body) = (Array(bytes[..<end]), Array(bytes[end...].dropFirst()))
    var what = ""
    if body.isEmpty || random.below(5) == 0 {
      what = "path: " + FileShape.line(&path, using: &random)
    } else {
      what = JSONMutation.change(&body, using: &random)
      if random.below(3) == 0 { what += "; " + JSONMutation.change(&body, using: &random) }
    }
    bytes = path + [UInt8(ascii: "\n")] + body
    return what
  }
}
