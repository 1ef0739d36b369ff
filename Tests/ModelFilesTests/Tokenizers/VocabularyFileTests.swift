import Foundation
import ModelFiles
import SequentialModels
import Testing
import TestSupport

@Suite struct VocabularyFileTests {
  private func read(_ text: String, escaped: Bool = false) throws -> Vocabulary {
    let url = TestFolder.url.appendingPathComponent("vocab-\(UUID().uuidString).txt")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(text.utf8).write(to: url)
    return try VocabularyFile.read(url, escaped: escaped)
  }

  @Test func readsBackWhatItWrites() throws {
    let vocabulary = Vocabulary(items: ItemEscapingTests.odd)
    #expect(try read(VocabularyFile.text(of: vocabulary, escaped: true), escaped: true) == vocabulary)
  }

  @Test func findsSpecialTokensWhereverTheyStand() throws {
    let vocabulary = try read("[PAD]\r\nx\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\n[MASK]\r\ny")
    #expect(vocabulary.specials.ids == [0, 2, 3, 4, 5])
    #expect(vocabulary.itemIDs == [1, 6])
    #expect(vocabulary.id(of: "y") == 6)
  }

  @Test(arguments: [
    ("[PAD]\n[UNK]\na\na\n", "line 4 repeats \"a\" of line 3; every token has one id"),
    ("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n", "has no token [MASK], which is needed as the mask token"),
  ]) func saysWhatIsWrong(text: String, sentence: String) {
    let error = #expect(throws: HuggingFaceError.self) { try read(text) }
    #expect(error?.description.hasSuffix(".txt: " + sentence) == true)
  }

  @Test func aTokenHasOneRole() throws {
    let folder = TestFolder.url.appendingPathComponent("roles-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    try Data("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n".utf8).write(to: folder.appendingPathComponent("vocab.txt"))
    try Data(#"{"mask_token": "[SEP]"}"#.utf8).write(to: folder.appendingPathComponent("tokenizer_config.json"))
    let error = #expect(throws: HuggingFaceError.self) { try Tokenizer.read(folder) }
    #expect(
      try #require(error).description.hasSuffix(
        "vocab.txt: is a tokenizer with “[SEP]” as its separator and its mask token, expected another token for each"))
  }
}
