import Foundation
import SequentialModels

extension Tokenizer {
  /// The tokenizer of the Hugging Face directory at `url`, nil where it has none.
  ///
  /// Tokens come from `vocab.txt` where it is there, else from `tokenizer.json`; how text falls into them is said by
  /// `tokenizer.json`, or without it by `tokenizer_config.json` and BERT's habit.
  ///
  /// - Throws: `HuggingFaceError` naming the file and what is not read.
  package static func read(_ url: URL) throws(HuggingFaceError) -> Tokenizer? {
    func file(_ name: String) -> URL? {
      let file = url.appendingPathComponent(name)
      return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }
    let settings =
      if let file = file("tokenizer_config.json") {
        try TextFile.decode(TokenizerSettings.self, from: file)
      } else {
        TokenizerSettings()
      }
    var vocabulary: Vocabulary?
    if let lines = file("vocab.txt") {
      vocabulary = try VocabularyFile.read(lines, specials: settings.specials, escaped: settings.escapes)
    }
    guard let json = file("tokenizer.json") else {
      let kind: Kind = settings.escapes ? .whitespace(escaped: true) : .wordPiece(settings.basicTokenizer)
      return vocabulary.map { Tokenizer($0, kind: kind) }
    }
    let description = try TextFile.decode(TokenizerDescription.self, from: json)
    do {
      let kind = try description.kind(escaped: settings.escapes)
      if let vocabulary { return Tokenizer(vocabulary, kind: kind) }
      let tokens = try description.tokens()
      return Tokenizer(
        try VocabularyFile.vocabulary(of: tokens, specials: settings.specials, escaped: settings.escapes), kind: kind)
    } catch {
      throw HuggingFaceError(path: json.path, fault: error)
    }
  }
}

/// What matters here of `tokenizer_config.json`.
struct TokenizerSettings: Decodable {
  /// A special token: its text, or an object that has it.
  struct Special: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      struct Object: Decodable { let content: String }
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        self.text = text
      } else {
        text = try Object(from: decoder).content
      }
    }
  }

  var pad_token: Special?
  var unk_token: Special?
  var cls_token: Special?
  var sep_token: Special?
  var mask_token: Special?
  var do_lower_case: Bool?
  var strip_accents: Bool?
  var tokenize_chinese_chars: Bool?
  /// `percent` where the tokens are item ids written by `ItemEscaping`.
  var item_escaping: String?

  var escapes: Bool { item_escaping == "percent" }

  /// The texts of the special tokens, the usual ones where the file is silent.
  var specials: [String] {
    zip([pad_token, unk_token, cls_token, sep_token, mask_token], SpecialTokens.names).map { $0?.text ?? $1 }
  }

  var basicTokenizer: BasicTokenizer {
    BasicTokenizer(
      lowercases: do_lower_case ?? true, stripsAccents: strip_accents,
      separatesChinese: tokenize_chinese_chars ?? true)
  }
}
