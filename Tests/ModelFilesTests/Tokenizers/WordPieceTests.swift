import Foundation
import ModelFiles
import SequentialModels
import Testing

@Suite struct WordPieceTests {
  /// One text and what Hugging Face's `BertTokenizer` makes of it; `make_golden.py` in the fixture wrote them.
  private struct Golden: Decodable {
    struct Line: Decodable {
      let ids: [Int32]
      let words: [Int32]
    }
    let text: String
    let uncased: Line
    let cased: Line
  }

  private let vocabulary: Vocabulary
  private let golden: [Golden]

  init() throws {
    let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/tokenization")
    vocabulary = try VocabularyFile.read(folder.appendingPathComponent("vocab.txt"))
    let lines = try Data(contentsOf: folder.appendingPathComponent("golden.jsonl")).split(separator: UInt8(ascii: "\n"))
    golden = try lines.map { try JSONDecoder().decode(Golden.self, from: Data($0)) }
  }

  @Test(arguments: [true, false]) func cutsTextAsHuggingFaceDoes(lowercases: Bool) {
    let tokenizer = Tokenizer(vocabulary, kind: .wordPiece(BasicTokenizer(lowercases: lowercases)))
    #expect(golden.count >= 500)
    for line in golden {
      let expected = lowercases ? line.uncased : line.cased
      let found = tokenizer.encode(line.text)
      #expect(found.ids == expected.ids, "\(line.text.debugDescription)")
      #expect(found.words == expected.words, "\(line.text.debugDescription)")
    }
  }

  @Test func aWordOfMoreThanAHundredCharactersIsUnknown() {
    let pieces = WordPiece(vocabulary)
    #expect(pieces.pieces(of: String(repeating: "é", count: 101)) == [Int32(vocabulary.specials.unknown)])
    #expect(pieces.pieces(of: String(repeating: "a", count: 100)).count == 100)
  }
}
