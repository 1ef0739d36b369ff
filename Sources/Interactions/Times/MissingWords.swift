/// What databases and programs write for a value that is not there.
package enum MissingWords {
  /// As they are shown to the user.
  package static let all = [
    "NULL", "\\N", "NA", "N/A", "#N/A", "nan", "NaT", "nil", "None", "<NA>", "(null)", "(not set)", "undefined", "-",
    "?",
  ]

  /// Whether the text at `range` is such a word, in any case.
  static func contains(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let count = range.count
    guard count >= 1, count <= 9 else { return false }
    // Most ids are told from the words by their length and their first byte.
    let isPossible =
      switch bytes[range.lowerBound] {
      case UInt8(ascii: "n"), UInt8(ascii: "N"): (2...4).contains(count)
      case UInt8(ascii: "-"), UInt8(ascii: "?"): count == 1
      case UInt8(ascii: "u"), UInt8(ascii: "U"): count == 9
      case UInt8(ascii: "<"), UInt8(ascii: "#"): count == 4
      case UInt8(ascii: "\\"): count == 2
      case UInt8(ascii: "("): count == 6 || count == 9
      default: false
      }
    return isPossible
      && all.contains { word in
        word.utf8.count == count && zip(word.utf8, range).allSatisfy { lowered($0) == lowered(bytes[$1]) }
      }
  }

  /// Whether a whole id is such a word, in any case.
  static func isWord(_ id: ArraySlice<UInt8>) -> Bool {
    let bytes = Array(id)
    return contains(bytes.span, 0..<bytes.count)
  }

  private static func lowered(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }
}
