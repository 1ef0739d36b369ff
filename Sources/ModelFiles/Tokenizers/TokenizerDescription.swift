/// What matters here of `tokenizer.json`: which tokens there are, and how text falls into them.
struct TokenizerDescription: Decodable {
  struct Model: Decodable {
    let type: String
    /// Token → id; nil for a model that is neither WordLevel nor WordPiece.
    let vocab: [String: Int]?
    let continuing_subword_prefix: String?
    let max_input_chars_per_word: Int?

    enum CodingKeys: String, CodingKey { case type, vocab, continuing_subword_prefix, max_input_chars_per_word }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      type = try container.decodeIfPresent(String.self, forKey: .type) ?? "an unnamed type"
      let isRead = type == "WordLevel" || type == "WordPiece"
      vocab = isRead ? try container.decode([String: Int].self, forKey: .vocab) : nil
      continuing_subword_prefix = try container.decodeIfPresent(String.self, forKey: .continuing_subword_prefix)
      max_input_chars_per_word = try container.decodeIfPresent(Int.self, forKey: .max_input_chars_per_word)
    }
  }

  struct Step: Decodable {
    let type: String
    let clean_text: Bool?
    let handle_chinese_chars: Bool?
    let strip_accents: Bool?
    let lowercase: Bool?
  }

  struct Added: Decodable {
    let id: Int
    let content: String
  }

  let model: Model
  let normalizer: Step?
  let pre_tokenizer: Step?
  let added_tokens: [Added]?

  /// How text falls into tokens.
  ///
  /// - Throws: a fault naming the first step that is done otherwise here.
  func kind(escaped: Bool) throws(HuggingFaceError.Fault) -> Tokenizer.Kind {
    switch model.type {
    case "WordLevel":
      try expect(normalizer?.type, nil, as: "normalizer")
      try expect(pre_tokenizer?.type, "WhitespaceSplit", as: "pre_tokenizer")
      return .whitespace(escaped: escaped)
    case "WordPiece":
      try expect(normalizer?.type, "BertNormalizer", as: "normalizer")
      try expect(pre_tokenizer?.type, "BertPreTokenizer", as: "pre_tokenizer")
      try expect(model.continuing_subword_prefix ?? "##", WordPiece.continuation, as: "continuing_subword_prefix")
      let longest = model.max_input_chars_per_word ?? WordPiece.maximumCharacters
      try expect("\(longest)", "\(WordPiece.maximumCharacters)", as: "max_input_chars_per_word")
      try expect("\(normalizer?.clean_text ?? true)", "true", as: "clean_text")
      return .wordPiece(
        BasicTokenizer(
          lowercases: normalizer?.lowercase ?? true, stripsAccents: normalizer?.strip_accents,
          separatesChinese: normalizer?.handle_chinese_chars ?? true))
    default:
      throw .tokenizer(found: "the model \(model.type)", expected: "WordLevel or WordPiece")
    }
  }

  /// The tokens in the order of their ids, added ones included.
  func tokens() throws(HuggingFaceError.Fault) -> [String] {
    var ids = model.vocab ?? [:]
    for added in added_tokens ?? [] { ids[added.content] = added.id }
    var tokens = [String?](repeating: nil, count: ids.count)
    for (token, id) in ids where tokens.indices.contains(id) { tokens[id] = token }
    if let id = tokens.firstIndex(of: nil) { throw .idWithoutToken(id: id) }
    return tokens.compactMap(\.self)
  }

  private func expect(_ found: String?, _ expected: String?, as step: String) throws(HuggingFaceError.Fault) {
    guard found == expected else {
      throw .tokenizer(found: "the \(step) \(found ?? "null")", expected: expected ?? "null")
    }
  }
}
