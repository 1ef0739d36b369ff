/// Ids that differ from another id only by case or by blanks: often one thing written in two ways.
package struct SimilarNames: Codable, Sendable, Equatable {
  private static let shown = 5

  /// How many ids have such a twin before them.
  package private(set) var count = 0
  /// Some of them, each with the id it resembles.
  package private(set) var examples: [[Identifier]] = []

  init() {}

  /// - Complexity: O(bytes of all names).
  init(_ names: IdentifierTable) {
    var folded = IdentifierTable()
    var firstOfFolded: [Int32] = []
    for index in 0..<names.count {
      let text = Self.fold(names.utf8(at: index))
      let known = folded.count
      let place = Int(folded.insert(text.span, 0..<text.count))
      if place == known {
        firstOfFolded.append(Int32(index))
      } else {
        count += 1
        if examples.count < Self.shown { examples.append([names[Int(firstOfFolded[place])], names[index]]) }
      }
    }
  }

  /// The name in lower case and without blanks.
  private static func fold(_ name: ArraySlice<UInt8>) -> [UInt8] {
    if name.contains(where: { $0 >= 0x80 }) {
      return Array(String(decoding: name, as: UTF8.self).lowercased().filter { !$0.isWhitespace }.utf8)
    }
    return name.compactMap { byte in
      switch byte {
      case Byte.blank, Byte.tab, Byte.newline, Byte.carriageReturn: nil
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      default: byte
      }
    }
  }
}
