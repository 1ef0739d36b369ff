import Interactions

/// Which token stands for which item of the catalog; in a vocabulary of our own, item `i` is token `i + 5`.
package struct ItemVocabulary: Sendable, Equatable {
  package let specials: SpecialTokens
  /// `[items]`
  package let tokens: [Int32]
  /// The number of tokens, specials and tokens that are no item included.
  package let size: Int
  /// The leading items of `tokens` that may be masked, predicted and drawn: all but special tokens.
  package let drawableCount: Int

  /// Five specials, then the items in the order of the catalog.
  package init(items: Int) {
    specials = .first
    tokens = (0..<items).map { Int32($0 + SpecialTokens.names.count) }
    size = items + SpecialTokens.names.count
    drawableCount = items
  }

  /// Tokens as another vocabulary has them; special tokens may be among the items (text has them in its lines), at the end.
  package init(tokens: [Int32], specials: SpecialTokens, size: Int) {
    precondition(tokens.allSatisfy { $0 >= 0 && $0 < size }, "an item's token is outside the \(size) tokens")
    self.specials = specials
    self.tokens = tokens
    self.size = size
    drawableCount = tokens.firstIndex { specials.ids.contains(Int($0)) } ?? tokens.count
    precondition(
      tokens[drawableCount...].allSatisfy { specials.ids.contains(Int($0)) }, "an item stands behind a special token")
  }

  /// The number of `[MASK]`, as rows have it.
  package var mask: Int32 { Int32(specials.mask) }

  package func token(_ item: ItemID) -> Int32 { tokens[item.index] }

  /// Whether `item` may be masked: it is no special token.
  package func isMaskable(_ item: ItemID) -> Bool { item.index < drawableCount }

  /// The first item's token where the items' tokens follow each other, so that their rows are a window on the table.
  package var contiguousStart: Int? {
    guard let first = tokens.first else { return 0 }
    for (index, token) in tokens.enumerated() where Int(token) != Int(first) + index { return nil }
    return Int(first)
  }
}
/// Where the five tokens that are no item stand in a vocabulary.
package struct SpecialTokens: Sendable, Equatable {
  package var padding: Int
  package var unknown: Int
  package var classification: Int
  package var separator: Int
  package var mask: Int

  /// The usual texts, in the order of `ids`.
  package static let names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
  /// 0…4: what a vocabulary of items begins with.
  package static let first = SpecialTokens(ids: Array(0..<5))

  /// The ids in the order padding, unknown, classification, separator, mask.
  package init(ids: [Int]) {
    precondition(ids.count == 5 && Set(ids).count == 5, "five distinct ids of special tokens, not \(ids)")
    (padding, unknown, classification, separator, mask) = (ids[0], ids[1], ids[2], ids[3], ids[4])
  }

  /// In the order padding, unknown, classification, separator, mask.
  package var ids: [Int] { [padding, unknown, classification, separator, mask] }
}
