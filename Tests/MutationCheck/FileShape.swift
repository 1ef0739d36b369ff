import Foundation
import Interactions

/// How a file is built, and so how it is changed: sometimes blindly, sometimes so that it keeps to its format.
enum FileShape: Sendable {
  /// Fields of fixed widths, such as those of archives.
  case binary
  /// Lines of fields.
  case lines
  case json
  case yaml
  case safetensors
  case sqlite
  /// A table of numbers as `numpy.save` writes it.
  case numpy
  /// A line with the method and the path, then a body of JSON.
  case request

  /// `bytes` with a change, and what it was.
  func mutate(_ bytes: [UInt8], using random: inout SplitMix64) -> (bytes: [UInt8], what: String) {
    var bytes = bytes
    let what: String
    if bytes.isEmpty || random.below(4) == 0 {
      what = Self.blind(&bytes, using: &random)
    } else {
      switch self {
      case .binary: what = Self.field(&bytes, using: &random)
      case .lines: what = Self.line(&bytes, using: &random)
      case .json: what = JSONMutation.change(&bytes, using: &random)
      case .yaml: what = random.below(2) == 0 ? Self.yaml(&bytes, using: &random) : Self.line(&bytes, using: &random)
      case .safetensors: what = JSONMutation.changeHeader(&bytes, using: &random)
      case .sqlite: what = SQLiteMutation.change(&bytes, using: &random)
      case .numpy: what = PrefixMutation.numpy(&bytes, using: &random)
      case .request: what = PrefixMutation.request(&bytes, using: &random)
      }
    }
    return (bytes, what)
  }

  /// A few flipped bits, a cut end, bytes that are inserted, deleted or repeated.
  private static func blind(_ bytes: inout [UInt8], using random: inout SplitMix64) -> String {
    if bytes.isEmpty {
      bytes = fragments.pick(using: &random)
      return "bytes where there were none"
    }
    let at = random.below(bytes.count)
    switch random.below(10) {
    case 0..<5:
      let bit = random.below(8)
      bytes[at] ^= 1 << bit
      return "bit \(bit) of byte \(at) flipped"
    case 5:
      bytes.removeSubrange(at...)
      return "cut at byte \(at)"
    case 6:
      let end = min(bytes.count, at + 1 + random.below(64))
      bytes.removeSubrange(at..<end)
      return "bytes \(at)..<\(end) deleted"
    case 7:
      let end = min(bytes.count, at + 1 + random.below(64))
      bytes.insert(contentsOf: bytes[at..<end], at: random.below(bytes.count + 1))
      return "bytes \(at)..<\(end) repeated"
    case 8:
      let fragment = fragments.pick(using: &random)
      bytes.insert(contentsOf: fragment, at: at)
      return "\(fragment.count) bytes inserted at \(at)"
    default:
      for _ in 0...random.below(4) { bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
      return "some bytes drawn"
    }
  }

  /// An integer of 1, 2, 4 or 8 bytes put over what stands there.
  static func field(_ bytes: inout [UInt8], using random: inout SplitMix64, in range: Range<Int>? = nil) -> String {
    let range = range ?? bytes.indices
    let width = 1 << random.below(4)
    let at = range.lowerBound + random.below(max(1, range.count - width + 1))
    let value = integers.pick(using: &random)
    let isBig = random.below(2) == 0
    for byte in 0..<width where at + byte < bytes.count {
      bytes[at + byte] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(isBig ? width - 1 - byte : byte)))
    }
    return "\(value) in \(width) bytes at \(at)"
  }

  /// A line that is repeated, deleted, moved, or of which a field is another.
  static func line(_ bytes: inout [UInt8], using random: inout SplitMix64) -> String {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Array($0) }
    let at = random.below(lines.count)
    defer { bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")])) }
    switch random.below(6) {
    case 0: lines.remove(at: at)
    case 1: lines.insert(lines[at], at: random.below(lines.count + 1))
    case 2: lines.swapAt(at, random.below(lines.count))
    case 3: lines.insert(fragments.pick(using: &random), at: at)
    case 4: lines[at].insert(contentsOf: fragments.pick(using: &random), at: random.below(lines[at].count + 1))
    default:
      // A field: what stands between two bytes that are neither letter nor digit.
      func isInner(_ byte: UInt8) -> Bool { UnicodeScalar(byte).properties.isAlphabetic || (48..<58).contains(byte) }
      let start = random.below(lines[at].count + 1)
      var range = start..<start
      while range.lowerBound > 0, isInner(lines[at][range.lowerBound - 1]) {
        range = range.lowerBound - 1..<range.upperBound
      }
      while range.upperBound < lines[at].count, isInner(lines[at][range.upperBound]) {
        range = range.lowerBound..<range.upperBound + 1
      }
      lines[at].replaceSubrange(range, with: Array(JSONMutation.edges.pick(using: &random).utf8))
    }
    return "line \(at + 1)"
  }

  /// A sign of YAML's somewhere, or another depth.
  private static func yaml(_ bytes: inout [UInt8], using random: inout SplitMix64) -> String {
    let signs = [
      "- ", ": ", "? ", "  ", "\t", "&a ", "*a", "!!binary ", "!!set ", "|\n", ">\n", "{", "}", "[", "]", "---\n",
      "...\n",
      "%YAML 9.9\n", "<<: ", "#", "'", "\"", "\u{85}", "\u{FEFF}", String(repeating: "[", count: 20_000),
      String(repeating: "{a: ", count: 5_000), String(repeating: "- ", count: 9_000), "9223372036854775808", ".inf",
      ".nan",
      "~", "0x7fffffffffffffff", "1e999", "!<tag:yaml.org,2002:int> x",
    ]
    let sign = signs.pick(using: &random)
    let at = random.below(bytes.count + 1)
    bytes.insert(contentsOf: Array(sign.utf8), at: at)
    return "“\(sign.prefix(20))” inserted at \(at)"
  }

  private static let integers: [UInt64] = [
    0, 1, 2, 7, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 40, .max >> 1,
    1 << 63, .max,
  ]

  private static let fragments: [[UInt8]] =
    [
      "\0", "\u{1B}[31m", "\u{FEFF}", "\"", "\"\"", "\n\n", "\r", ",", "\t", ";", "::", "#", "NULL", "nan", "\\u0000",
      "\\ud800", "\u{202E}", "9223372036854775808", "-1", "1e309", "=1+1", "[MASK]", "%00", "{", "}", "[", "]", "null",
      String(repeating: "x", count: 70_000), String(repeating: "[", count: 30_000),
      String(repeating: "{\"a\":", count: 20_000),
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [UInt8](repeating: 0, count: 600)]
}

extension Array {
  func pick(using random: inout SplitMix64) -> Element { self[random.below(count)] }
}
