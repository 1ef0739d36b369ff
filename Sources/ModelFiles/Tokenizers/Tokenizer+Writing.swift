import DurableFiles
import Foundation
import NeuralNetwork
import SequentialModels

extension Tokenizer {
  /// Writes `vocab.txt`, `tokenizer.json` and `tokenizer_config.json` into the directory at `url`.
  ///
  /// - Throws: `DurableFileError`; each file is whole or as it was.
  package func write(to url: URL, maximumLength: Int) throws(DurableFileError) {
    let text = VocabularyFile.text(of: vocabulary, escaped: escapes)
    try DurableFile.write(text, to: url.appendingPathComponent("vocab.txt"))
    try DurableFile.write(json, to: url.appendingPathComponent("tokenizer.json"))
    try DurableFile.write(settings(maximumLength), to: url.appendingPathComponent("tokenizer_config.json"))
  }

  private var escapes: Bool { kind == .whitespace(escaped: true) }

  /// The text of `tokenizer.json`: WordLevel between blanks, or WordPiece after BERT's basic tokenizer.
  private var json: String {
    let added = vocabulary.specials.ids.sorted().map { id in
      """
          {"id": \(id), "content": \(JSONString.quote(vocabulary.tokens[id])), "single_word": false, "lstrip": false, \
      "rstrip": false, "normalized": false, "special": true}
      """
    }
    let entries = VocabularyFile.fileTokens(of: vocabulary, escaped: escapes).enumerated().map { id, token in
      "      \(JSONString.quote(token)): \(id)"
    }
    return """
      {
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": [
      \(added.joined(separator: ",\n"))
        ],
      \(steps),
        "model": {
          "type": "\(isWordPiece ? "WordPiece" : "WordLevel")",
          "unk_token": \(quoted(\.unknown)),\(isWordPiece ? wordPieceSettings : "")
          "vocab": {
      \(entries.joined(separator: ",\n"))
          }
        }
      }

      """
  }

  private var isWordPiece: Bool { if case .wordPiece = kind { true } else { false } }

  private var wordPieceSettings: String {
    """

        "continuing_subword_prefix": "\(WordPiece.continuation)",
        "max_input_chars_per_word": \(WordPiece.maximumCharacters),
    """
  }

  /// The steps around the model.
  private var steps: String {
    guard case .wordPiece(let basic) = kind else {
      return """
          "normalizer": null,
          "pre_tokenizer": {"type": "WhitespaceSplit"},
          "post_processor": null,
          "decoder": null
        """
    }
    let (classification, separator) = (quoted(\.classification), quoted(\.separator))
    func token(_ text: String, _ segment: Int) -> String {
      "{\"SpecialToken\": {\"id\": \(text), \"type_id\": \(segment)}}"
    }
    func sequence(_ name: String, _ segment: Int) -> String {
      "{\"Sequence\": {\"id\": \"\(name)\", \"type_id\": \(segment)}}"
    }
    func entry(_ text: String, _ id: Int) -> String {
      "\(text): {\"id\": \(text), \"ids\": [\(id)], \"tokens\": [\(text)]}"
    }
    let single = [token(classification, 0), sequence("A", 0), token(separator, 0)]
    let pair = single + [sequence("B", 1), token(separator, 1)]
    let specials = vocabulary.specials
    return """
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": \(basic.separatesChinese), \
      "strip_accents": \(basic.stripsAccents), "lowercase": \(basic.lowercases)},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
          "type": "TemplateProcessing",
          "single": [\(single.joined(separator: ", "))],
          "pair": [\(pair.joined(separator: ", "))],
          "special_tokens": {\(entry(classification, specials.classification)), \(entry(separator, specials.separator))}
        },
        "decoder": {"type": "WordPiece", "prefix": "\(WordPiece.continuation)", "cleanup": true}
      """
  }

  /// The text of `tokenizer_config.json`.
  private func settings(_ maximumLength: Int) -> String {
    let own =
      switch kind {
      case .whitespace(let escaped):
        "\"tokenizer_class\": \"PreTrainedTokenizerFast\"" + (escaped ? ",\n  \"item_escaping\": \"percent\"" : "")
      case .wordPiece(let basic):
        """
        "tokenizer_class": "BertTokenizer",
          "do_lower_case": \(basic.lowercases),
          "strip_accents": \(basic.stripsAccents),
          "tokenize_chinese_chars": \(basic.separatesChinese)
        """
      }
    return """
      {
        "clean_up_tokenization_spaces": false,
        "cls_token": \(quoted(\.classification)),
        "mask_token": \(quoted(\.mask)),
        "model_max_length": \(maximumLength),
        "pad_token": \(quoted(\.padding)),
        "sep_token": \(quoted(\.separator)),
        "unk_token": \(quoted(\.unknown)),
        \(own)
      }

      """
  }

  /// The text of a special token, as JSON.
  private func quoted(_ special: KeyPath<SpecialTokens, Int>) -> String {
    JSONString.quote(vocabulary.tokens[vocabulary.specials[keyPath: special]])
  }
}
