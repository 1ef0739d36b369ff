import Foundation
import ModelFiles
import Testing

/// Against Hugging Face `tokenizers`; see `Fixtures/tokenization/make_vocabulary.py`.
@Suite struct WordPieceTrainerTests {
  private struct Case: Decodable {
    let lowercase: Bool
    let size: Int
    let same, always, ever: [String]?
  }

  private func fixture(_ name: String, _ ending: String) throws -> URL {
    try #require(Bundle.module.url(forResource: name, withExtension: ending, subdirectory: "Fixtures/tokenization"))
  }

  @Test func learnsWhatHuggingFaceLearns() throws {
    let lines = try TokenLines(fixture("corpus", "txt")).lines
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: fixture("vocabulary", "json")))
    #expect(cases.count > 20)
    for expected in cases {
      let trainer = WordPieceTrainer(size: expected.size, basic: BasicTokenizer(lowercases: expected.lowercase))
      let found = Set(trainer.tokens(of: lines))
      if let same = expected.same {
        #expect(found == Set(same), "\(expected.size)")
      } else {
        #expect(found.isSuperset(of: expected.always ?? []), "\(expected.size)")
        #expect(found.subtracting(expected.ever ?? []).isEmpty, "\(expected.size)")
      }
    }
  }

  @Test func ordersAndLimits() {
    let lines = ["aab aab ab b", "ba"]
    let tokens = WordPieceTrainer(size: 100).tokens(of: lines)
    #expect(tokens == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "##a", "##b", "aa", "aab"])
    #expect(WordPieceTrainer(size: 10).tokens(of: lines).count == 10)
    #expect(WordPieceTrainer(size: 100, alphabet: 1).tokens(of: ["a a b"]) == tokens.prefix(5) + ["a"])
    // Words with other bytes stay apart, however Unicode compares them.
    #expect(
      WordPieceTrainer(size: 100, basic: BasicTokenizer(lowercases: false)).tokens(of: ["\u{212B} \u{C5}"]).count == 7)
  }
}
