import NeuralNetwork
import Foundation
import Interactions
import Kernels
import ModelFiles
import SequentialModels
import Testing
import TestSupport

@Suite struct TokenCorpusTests {
  private let items = Tokenizer(Vocabulary(items: ["a", "b", "c"]), kind: .whitespace(escaped: false))
  private let text = Tokenizer(
    Vocabulary(items: ["play", "##ing", "##ed", "the", "."]), kind: .wordPiece(BasicTokenizer()))

  private func corpus(_ lines: [String], _ tokenizer: Tokenizer, positions: Int, frame: TokenCorpus.Frame) throws
    -> TokenCorpus
  {
    try TokenCorpus(TokenLines(path: "lines", lines: lines), tokenizer: tokenizer, positions: positions, frame: frame)
  }

  private func tokens(_ corpus: TokenCorpus, _ sequence: Int) -> [Int32] {
    corpus.log.history(of: UserID(sequence)).map { corpus.vocabulary.token($0) }
  }

  @Test func cutsLongLinesAndAccountsForAll() throws {
    let corpus = try corpus(["a b c a b x", "", "a", "x x x", "c c"], items, positions: 3, frame: .none)
    #expect(tokens(corpus, 0) == [5, 6, 7])
    #expect(tokens(corpus, 1) == [5, 6, 1])
    #expect(tokens(corpus, 2) == [7, 7])
    #expect(corpus.account == TokenCorpus.Account(lines: 5, short: 3, sequences: 3, tokens: 8, unknown: 1))
  }

  @Test func framesTextAsBERTDoesAndKeepsWordsTogether() throws {
    let corpus = try corpus(["Playing the played."], text, positions: 16, frame: .both)
    #expect(tokens(corpus, 0) == [2, 5, 6, 8, 5, 7, 9, 3])
    #expect(corpus.log.groups == [-1, 0, 0, 1, 2, 2, 3, -2])
  }

  @Test func sentencesOfDocumentsFitTogetherForPairs() throws {
    let lines = ["a b", "c", "a a a a a", "", "", "b b b", "c c c", "x"]
    let corpus = try corpus(lines, items, positions: 8, frame: .pair)
    #expect(corpus.hasPairs)
    // Room for six tokens: a sentence of five is cut in two, and no sequence reaches into the next document.
    #expect(
      (0..<corpus.log.userCount).map { tokens(corpus, $0) } == [[5, 6, 7, 5, 5, 5], [5, 5], [6, 6, 6, 7, 7, 7], [1]])
    let sentences = try #require(corpus.log.columns[.sentence])
    #expect(sentences.prefix(8) == [0, 0, 1, 2, 2, 2, 3, 3])
    #expect(Set(sentences.suffix(7).map { $0 >> 32 }) == [1])
    #expect(Set(corpus.log.groups ?? []).count == 15, "no two words are masked together")
    #expect(corpus.account == TokenCorpus.Account(lines: 6, short: 0, sequences: 4, tokens: 15, unknown: 1))
    #expect(throws: TokenLinesError.oneDocument(path: "lines")) {
      try self.corpus(["a b", "c"], items, positions: 8, frame: .pair)
    }
  }

  @Test func specialTokensAreNeverMaskedPredictedOrDrawn() throws {
    let corpus = try corpus(["playing [MASK] unknown the played."], text, positions: 16, frame: .both)
    let builder = SampleBuilder(
      log: corpus.log, vocabulary: corpus.vocabulary,
      configuration: EncoderConfiguration(vocabularySize: corpus.vocabulary.size, positions: 16),
      objectives: Objectives(mlm: .init(probability: 0.9, maskShare: 0.2, randomShare: 0.8, wholeGroups: true)), seed: 3
    )
    let original = tokens(corpus, 0)
    #expect(original == [2, 5, 6, 4, 1, 8, 5, 7, 9, 3])
    for number in 0..<200 {
      var batch = MicroBatch()
      let sample = TrainingSample(.mlm, window: 0..<10, number: UInt64(number))
      builder.append(sample, epoch: 0, to: &batch)
      #expect(!batch.targets.isEmpty)
      #expect(batch.targets.tokens.allSatisfy { $0 > 4 })
      for place in [0, 3, 4, 9] { #expect(batch.rows.tokens[place] == original[place]) }
      for place in [1, 2, 5, 6, 7, 8] { #expect(batch.rows.tokens[place] >= 4) }
      let masked = Set(batch.rows.queryRows!)
      #expect(masked.contains(1) == masked.contains(2), "the pieces of one word go together")
      #expect(masked.contains(6) == masked.contains(7))
    }
  }

  @Test func saysWhatCannotBeLearnedFrom() throws {
    let error = #expect(throws: TokenLinesError.self) {
      _ = try corpus(["x y", "a"], items, positions: 3, frame: .none)
    }
    #expect(
      error?.description == "none of the 2 lines of lines has two tokens of the vocabulary; "
        + "expected one sequence per line")
  }
}

@Suite struct TokenLinesTests {
  private func read(_ data: Data) throws -> TokenLines {
    let url = TestFolder.url.appendingPathComponent("lines-\(UUID().uuidString).txt")
    defer { try? FileManager.default.removeItem(at: url) }
    try data.write(to: url)
    return try TokenLines(url)
  }

  @Test func readsLinesWithAnyBreak() throws {
    #expect(try read(Data("a b\r\n\nc".utf8)).lines == ["a b", "", "c"])
    #expect(try read(Data("a\n".utf8)).lines == ["a"])
    #expect(try read(Data()).lines == [])
  }

  @Test func namesTheLineThatIsNotUTF8() {
    let latin1 = Data([0x61, 0x0A, 0xE9, 0x0A])
    let error = #expect(throws: TokenLinesError.self) { try read(latin1) }
    #expect(error?.description.hasSuffix(", line 2 is not UTF-8; convert the file: iconv -f latin1 -t utf8") == true)
  }

  @Test func aLogHasTheTokensInTheOrderTheyAppear() {
    let log = TokenLines(path: "", lines: ["b a [MASK]", "", "a c"]).log()
    #expect(log.items.names == ["b", "a", "c"])
    #expect(log.offsets == [0, 2, 2, 4])
    #expect(log.events == [ItemID(0), ItemID(1), ItemID(1), ItemID(2)])
    #expect(TokenLines(path: "", lines: ["a%20b a%25"]).log(escaped: true).items.names == ["a b", "a%"])
  }
}
