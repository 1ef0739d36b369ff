/// Ids that are another id written in another way: often one thing in two spellings.
package struct SimilarNames: Codable, Sendable, Equatable {
  /// In what two ids differ, where they differ in nothing else.
  package enum Difference: String, Codable, CaseIterable, CodingKeyRepresentable, Sendable {
    /// `20` and `20.0`
    case decimals
    /// `7` and `007`
    case leadingZeros
    case letterCase
    case blanks
    /// One letter as one code point and as two.
    case unicodeForm

    package var title: String {
      switch self {
      case .decimals: "decimals"
      case .leadingZeros: "leading zeros"
      case .letterCase: "case"
      case .blanks: "blanks"
      case .unicodeForm: "Unicode form"
      }
    }
  }

  private static let shown = 5

  /// How many ids have such a twin before them.
  package private(set) var count = 0
  /// By difference, how many of them differ in it, the first in the order of the cases where they differ in several.
  package private(set) var differences: [Difference: Int] = [:]
  /// Some of them, each with the id it resembles.
  package private(set) var examples: [[Identifier]] = []

  init() {}

  /// - Complexity: O(bytes of all names).
  init(_ names: IdentifierTable) {
    var folded = IdentifierTable()
    var firstOfFolded: [Int32] = []
    // As strings, so that two Unicode forms of one text are one key.
    var firstOfText: [String: Int] = [:]
    for index in 0..<names.count {
      let text = Self.folded(names.utf8(at: index), Difference.allCases)
      if text.contains(where: { $0 >= 0x80 }) {
        let key = String(decoding: text, as: UTF8.self)
        if let first = firstOfText[key] { note(first, index, names) } else { firstOfText[key] = index }
        continue
      }
      let known = folded.count
      let place = Int(folded.insert(text.span, 0..<text.count))
      if place == known { firstOfFolded.append(Int32(index)) } else { note(Int(firstOfFolded[place]), index, names) }
    }
  }

  /// Forgets which ids they are.
  mutating func dropExamples() { examples = [] }

  private mutating func note(_ first: Int, _ own: Int, _ names: IdentifierTable) {
    let ids = [names.utf8(at: first), names.utf8(at: own)]
    let difference = Difference.allCases.first { difference in
      difference == .unicodeForm
        ? String(decoding: ids[0], as: UTF8.self) == String(decoding: ids[1], as: UTF8.self)
        : Self.folded(ids[0], [difference]) == Self.folded(ids[1], [difference])
    }
    count += 1
    differences[difference ?? .letterCase, default: 0] += 1
    if examples.count < Self.shown { examples.append(ids.map { Identifier(utf8: $0) }) }
  }

  /// What an id has in common with the same one written in another way.
  package static func key(of id: Identifier) -> String {
    String(decoding: folded(Array(id.text.utf8)[...], Difference.allCases), as: UTF8.self)
  }

  /// The id without what `differences` name.
  private static func folded(_ name: ArraySlice<UInt8>, _ differences: [Difference]) -> [UInt8] {
    var text = Array(name)
    if differences.contains(.blanks) { text.removeAll(where: Byte.isSpace) }
    if differences.contains(.letterCase) {
      for index in text.indices where text[index] &- UInt8(ascii: "A") < 26 { text[index] |= 0x20 }
    }
    if text.contains(where: { $0 >= 0x80 }) { text = foldedUnicode(text, differences) }
    if differences.contains(.decimals), let point = text.firstIndex(of: UInt8(ascii: ".")), point > 0,
      text[..<point].allSatisfy(Byte.isDigit), text[(point + 1)...].allSatisfy({ $0 == Byte.zero })
    {
      text = Array(text[..<point])
    }
    if differences.contains(.leadingZeros), text.count > 1, text[0] == Byte.zero, text.allSatisfy(Byte.isDigit) {
      text = Array(text.drop { $0 == Byte.zero })
      if text.isEmpty { text = [Byte.zero] }
    }
    return text
  }

  private static func foldedUnicode(_ bytes: [UInt8], _ differences: [Difference]) -> [UInt8] {
    var text = String(decoding: bytes, as: UTF8.self)
    if differences.contains(.letterCase) { text = text.lowercased() }
    if differences.contains(.blanks) { text = String(text.filter { !$0.isWhitespace }) }
    return Array(text.utf8)
  }
}

extension SimilarNames {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try container.decode(Int.self, forKey: .count)
    examples = try container.decode([[Identifier]].self, forKey: .examples)
    // Stores of version 0.1 do not have them.
    differences = try container.decodeIfPresent([Difference: Int].self, forKey: .differences) ?? [:]
  }
}
