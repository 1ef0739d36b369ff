import Foundation
import ModelFiles
import SequentialModels
import Testing

@Suite struct TokenizerDirectoryTests {
  private let items = Tokenizer(Vocabulary(items: HuggingFaceFixture.items), kind: .whitespace(escaped: true))

  @Test(arguments: [["vocab.txt"], ["tokenizer.json"], []]) func readsBackWhatItWrites(without removed: [String]) throws
  {
    try HuggingFaceFixture.withFolder { folder in
      try items.write(to: folder, maximumLength: 16)
      for name in removed { try FileManager.default.removeItem(at: folder.appendingPathComponent(name)) }
      let read = try #require(try Tokenizer.read(folder))
      #expect(read.vocabulary == items.vocabulary)
      #expect(read.kind == items.kind)
    }
  }

  @Test(arguments: [
    BasicTokenizer(), BasicTokenizer(lowercases: false), BasicTokenizer(lowercases: true, stripsAccents: false),
    BasicTokenizer(lowercases: false, separatesChinese: false),
  ]) func readsBackWordPieceAndItsRules(rules: BasicTokenizer) throws {
    let tokenizer = Tokenizer(Vocabulary(items: ["a", "##b", "\"", "\\"]), kind: .wordPiece(rules))
    try HuggingFaceFixture.withFolder { folder in
      try tokenizer.write(to: folder, maximumLength: 16)
      let read = try #require(try Tokenizer.read(folder))
      #expect(read.vocabulary == tokenizer.vocabulary)
      #expect(read.kind == tokenizer.kind)
      try FileManager.default.removeItem(at: folder.appendingPathComponent("tokenizer.json"))
      #expect(try Tokenizer.read(folder)?.kind == tokenizer.kind)
    }
  }

  @Test func aDirectoryMayHaveNone() throws {
    let none = try HuggingFaceFixture.withFolder { try Tokenizer.read($0) }
    #expect(none == nil)
  }

  @Test(arguments: [
    (
      #"{"model": {"type": "BPE", "vocab": {}}}"#,
      "is a tokenizer with the model BPE, expected WordLevel or WordPiece"
    ),
    (
      #"{"model": {"type": "WordLevel", "vocab": {}}, "pre_tokenizer": {"type": "Whitespace"}}"#,
      "is a tokenizer with the pre_tokenizer Whitespace, expected WhitespaceSplit"
    ),
    (
      #"{"model": {"type": "WordPiece", "vocab": {}}, "normalizer": {"type": "NFC"}}"#,
      "is a tokenizer with the normalizer NFC, expected BertNormalizer"
    ),
    (
      #"{"model": {"type": "WordLevel", "vocab": {"a": 0, "b": 2}}, "pre_tokenizer": {"type": "WhitespaceSplit"}}"#,
      "no token has the id 1; ids count from 0 without a gap"
    ),
    (
      #"{"model": {"type": "WordLevel", "vocab": {"a": 0}}, "pre_tokenizer": {"type": "WhitespaceSplit"}}"#,
      "has no token [PAD], which is needed as the padding token"
    ),
    (#"{"model""#, "is not the JSON that Hugging Face writes: it does not parse"),
  ]) func namesTheStepThatIsNotRead(json: String, sentence: String) throws {
    try HuggingFaceFixture.withFolder { folder in
      try Data(json.utf8).write(to: folder.appendingPathComponent("tokenizer.json"))
      let error = #expect(throws: HuggingFaceError.self) { _ = try Tokenizer.read(folder) }
      #expect(error?.description.hasSuffix(sentence) == true, "\(error?.description ?? "no error")")
    }
  }
}
