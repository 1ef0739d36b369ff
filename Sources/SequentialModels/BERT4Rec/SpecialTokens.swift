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
