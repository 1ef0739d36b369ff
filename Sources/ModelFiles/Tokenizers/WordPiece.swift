/// The second half of BERT's tokenizer: a word → the longest pieces a vocabulary knows, from the left.
///
/// A piece that does not begin its word is written with `##` in the vocabulary. A word with any part unknown, or of more
/// than 100 characters, is one unknown token.
///
/// - Source: Wu et al. 2016, arXiv:1609.08144; checked against Hugging Face's `BertTokenizer`.
/// - Complexity: O(characters²) look-ups per word at worst.
package struct WordPiece: Sendable {
  package static let maximumCharacters = 100
  package static let continuation = "##"

  private let unknown: Int32
  /// Pieces that begin a word, by their bytes, and pieces that go on, by their bytes after `##`.
  private let beginnings: [ArraySlice<UInt8>: Int32]
  private let continuations: [ArraySlice<UInt8>: Int32]

  package init(_ vocabulary: Vocabulary) {
    unknown = Int32(vocabulary.specials.unknown)
    var beginnings: [ArraySlice<UInt8>: Int32] = [:]
    var continuations: [ArraySlice<UInt8>: Int32] = [:]
    for (id, token) in vocabulary.tokens.enumerated() {
      beginnings[ArraySlice(token.utf8)] = Int32(id)
      if token.utf8.starts(with: Self.continuation.utf8) {
        continuations[ArraySlice(token.utf8.dropFirst(Self.continuation.utf8.count))] = Int32(id)
      }
    }
    self.beginnings = beginnings
    self.continuations = continuations
  }

  /// The ids of the pieces of `word`, which holds no blank.
  package func pieces(of word: String) -> [Int32] {
    guard word.unicodeScalars.count <= Self.maximumCharacters else { return [unknown] }
    let bytes = ArraySlice(word.utf8)
    var pieces: [Int32] = []
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let known = start == bytes.startIndex ? beginnings : continuations
      var end = bytes.endIndex
      while end > start {
        if let piece = known[bytes[start..<end]] {
          pieces.append(piece)
          break
        }
        repeat { end -= 1 } while end > start && bytes[end] & 0xC0 == 0x80
      }
      guard end > start else { return [unknown] }
      start = end
    }
    return pieces
  }
}
