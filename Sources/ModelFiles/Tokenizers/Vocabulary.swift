import Interactions
import SequentialModels

/// Token ↔ id: five special tokens and the items (or word pieces), each standing at the row of its embedding.
///
/// Texts are compared byte by byte, not as Unicode compares them: two ids that look alike stay two items. A special token
/// is found by its place only, so an item may be called `[MASK]`.
package struct Vocabulary: Sendable, Equatable {
  /// The text of every id, special tokens included.
  package private(set) var tokens: [String]
  package let specials: SpecialTokens
  private var ids: [ArraySlice<UInt8>: Int32]

  /// A vocabulary of the special tokens at 0…4, then `items`, which must be distinct.
  package init(items: some Sequence<String>) {
    self.init(specials: .first, tokens: SpecialTokens.names)
    for item in items {
      let isNew = append(item)
      precondition(isNew, "the item \"\(item)\" stands twice in a vocabulary")
    }
  }

  /// A vocabulary of `tokens` in the order of their ids; nil where two that are not special have the same bytes.
  package init?(tokens: [String], specials: SpecialTokens) {
    precondition(
      specials.ids.allSatisfy(tokens.indices.contains), "special tokens \(specials.ids) among \(tokens.count)")
    self.init(specials: specials, tokens: tokens)
    ids.reserveCapacity(tokens.count)
    let special = Set(specials.ids)
    for (id, token) in tokens.enumerated() where !special.contains(id) {
      guard ids.updateValue(Int32(id), forKey: Self.key(token)) == nil else { return nil }
    }
  }

  private init(specials: SpecialTokens, tokens: [String]) {
    self.specials = specials
    self.tokens = tokens
    ids = [:]
  }

  package var count: Int { tokens.count }

  /// The id of the item or word piece `token`; nil where it is not there. Special tokens are not found by text.
  package func id(of token: String) -> Int? { id(ofBytes: Self.key(token)) }

  /// The id of the item or word piece with these bytes.
  package func id(ofBytes token: ArraySlice<UInt8>) -> Int? { ids[token].map(Int.init) }

  /// Whether `id` is one of the five that are no item.
  package func isSpecial(_ id: Int) -> Bool { specials.ids.contains(id) }

  /// The ids that are no special token, ascending.
  package var itemIDs: [Int] { tokens.indices.filter { !isSpecial($0) } }

  /// Gives `token` the next id and says true, or says false where it has one.
  @discardableResult package mutating func append(_ token: String) -> Bool {
    let key = Self.key(token)
    guard ids[key] == nil else { return false }
    ids[key] = Int32(tokens.count)
    tokens.append(token)
    return true
  }

  private static func key(_ token: String) -> ArraySlice<UInt8> { ArraySlice(token.utf8) }

  package static func == (a: Vocabulary, b: Vocabulary) -> Bool {
    a.specials == b.specials && a.tokens.elementsEqual(b.tokens) { $0.utf8.elementsEqual($1.utf8) }
  }
}

extension ItemVocabulary {
  /// The items of `catalog` where `vocabulary`, which knows them all, has them.
  package init(of catalog: Catalog, in vocabulary: Vocabulary) {
    let tokens = catalog.names.map { name -> Int32 in
      guard let id = vocabulary.id(of: name.text) else {
        preconditionFailure("the vocabulary lacks the item “\(name)”")
      }
      return Int32(id)
    }
    self.init(tokens: tokens, specials: vocabulary.specials, size: vocabulary.count)
  }
}
