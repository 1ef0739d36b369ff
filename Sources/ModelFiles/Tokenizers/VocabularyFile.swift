import Foundation
import SequentialModels

/// `vocab.txt`: one token per line, the line's number from 0 its id.
package enum VocabularyFile {
  private static let roles = ["padding", "unknown", "classification", "separator", "mask"]

  /// The vocabulary in the file at `url`; the special tokens stand anywhere in it.
  ///
  /// - Parameters:
  ///   - specials: the texts of the padding, unknown, classification, separator and mask token.
  ///   - escaped: whether the other tokens are item ids written by `ItemEscaping`.
  /// - Throws: `HuggingFaceError` naming the line that repeats another, or the special token that is missing.
  package static func read(
    _ url: URL, specials: [String] = SpecialTokens.names, escaped: Bool = false
  ) throws(HuggingFaceError) -> Vocabulary {
    var lines = try TextFile.read(url).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    let tokens = lines.map { String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self) }
    do {
      return try vocabulary(of: tokens, specials: specials, escaped: escaped)
    } catch {
      throw HuggingFaceError(path: url.path, fault: error)
    }
  }

  /// What `read` reads: a line break after every token, item ids escaped where `escaped`.
  package static func text(of vocabulary: Vocabulary, escaped: Bool) -> String {
    fileTokens(of: vocabulary, escaped: escaped).map { $0 + "\n" }.joined()
  }

  /// The tokens as files have them: special tokens as they are, item ids escaped where `escaped`.
  static func fileTokens(of vocabulary: Vocabulary, escaped: Bool) -> [String] {
    guard escaped else { return vocabulary.tokens }
    let special = Set(vocabulary.specials.ids)
    return vocabulary.tokens.enumerated().map { special.contains($0) ? $1 : ItemEscaping.escape($1) }
  }

  /// The vocabulary of `fileTokens`, in the order of their ids.
  static func vocabulary(
    of fileTokens: [String], specials names: [String], escaped: Bool
  ) throws(HuggingFaceError.Fault) -> Vocabulary {
    var ids: [ArraySlice<UInt8>: Int] = [:]
    for (id, token) in fileTokens.enumerated() {
      if let first = ids.updateValue(id, forKey: ArraySlice(token.utf8)) {
        throw .repeatedToken(token: token, line: id + 1, first: first + 1)
      }
    }
    var specials: [Int] = []
    for (name, role) in zip(names, roles) {
      guard let id = ids[ArraySlice(name.utf8)] else { throw .missingSpecial(token: name, role: role) }
      if let other = specials.firstIndex(of: id) {
        throw .tokenizer(
          found: "“\(name)” as its \(roles[other]) and its \(role) token", expected: "another token for each")
      }
      specials.append(id)
    }
    let special = Set(specials)
    let tokens =
      escaped
      ? fileTokens.enumerated().map { special.contains($0) ? $1 : ItemEscaping.unescape($1) } : fileTokens
    guard let vocabulary = Vocabulary(tokens: tokens, specials: SpecialTokens(ids: specials)) else {
      throw .tokenizer(found: "two tokens that unescape to one item id", expected: "one token per item")
    }
    return vocabulary
  }
}
