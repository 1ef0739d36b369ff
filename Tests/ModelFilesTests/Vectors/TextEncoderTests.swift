import Foundation
import Interactions
import Items
import Kernels
import ModelFiles
import NeuralNetwork
import TestSupport
import Testing

/// Texts become vectors, as the states of a BERT say.
@Suite struct TextEncoderTests {
  private static let words = ["red", "blue", "shoe", "##s", "boat", ",", "."] + (0..<25).map { "word\($0)" }

  /// A directory of the small BERT with a vocabulary of words.
  private func withBERT(kind: Tokenizer.Kind = .wordPiece(BasicTokenizer()), _ body: (URL) throws -> Void) throws {
    try HuggingFaceFixture.withFolder { folder in
      var model = try HuggingFaceModel.read(HuggingFaceFixture.preTraining)
      model.tokenizer = Tokenizer(Vocabulary(items: Self.words), kind: kind)
      let url = folder.appendingPathComponent("bert")
      try model.write(to: url)
      return try body(url)
    }
  }

  @Test func aVectorIsTheMeanOfItsTextsStatesOrThatOfCLS() throws {
    try withBERT { url in
      let texts = ["Red shoes", "", "blue boat, red boat.", "word3"]
      let mean = try TextEncoder(url, pooling: .mean, workers: Workers(threads: 1))
      let cls = try TextEncoder(url, pooling: .cls, workers: Workers(threads: 1))
      #expect(mean.fingerprint != cls.fingerprint)
      let (means, firsts) = (mean.vectors(of: texts), cls.vectors(of: texts))
      // The states of “red shoes” by themselves.
      let model = try HuggingFaceModel.read(url)
      let tokens = try #require(model.tokenizer).encode("red shoes").ids
      #expect(tokens == [5, 7, 8])
      let network = HuggingFaceFixture.recommender(of: model)
      var rows = PackedRows()
      for (position, token) in ([2] + tokens + [3]).enumerated() {
        rows.append(token: token, position: position, prefixLength: 5)
      }
      rows.endSequence()
      let workspace = EncoderWorkspace(network.configuration, rows: 5, longestSequence: 5)
      let states = network.network.encoder.forward(
        rows, parameters: network.parameters, mode: .inference, rowBase: 0, workspace: workspace)
      for column in 0..<mean.width {
        let sum = (0..<5).reduce(Float(0)) { $0 + states[$1, column] }
        #expect(abs(means[0, column] - sum / 5) < 1e-5)
        #expect(abs(firsts[0, column] - states[0, column]) < 1e-5)
      }
    }
  }

  @Test func vectorsDependNeitherOnOtherTextsNorOnThreads() throws {
    try withBERT { url in
      let texts = (0..<400).map { "red shoe word\($0 % 25) boat." }
      let one = try TextEncoder(url, pooling: .mean, workers: Workers(threads: 1))
      let three = try TextEncoder(url, pooling: .mean, workers: Workers(threads: 3))
      let vectors = one.vectors(of: texts)
      #expect(vectors.values.map(\.bitPattern) == three.vectors(of: texts).values.map(\.bitPattern))
      #expect(one.vectors(of: [texts[7]]).values == Array(vectors.rows(7..<8).values))
      #expect(Array(vectors.rows(25..<26).values) == Array(vectors.rows(0..<1).values))
    }
  }

  @Test func itemsHaveTheVectorsOfTheirWords() throws {
    try withBERT { url in
      let file = url.deletingLastPathComponent().appendingPathComponent("items.csv")
      let text = "item_id,title,kind\na,Red shoe,x|y\nb,Blue shoe,x\nc,,\nd,Red boat,y\ne,Boat,x|y\nf,Shoe,y\n"
      try text.write(to: file, atomically: true, encoding: .utf8)
      let table = try ItemTable.read(file.path)
      #expect(try table.texts(["title"]) == ["Red shoe", "Blue shoe", "", "Red boat", "Boat", "Shoe"])
      #expect(try table.texts(["title", "kind"])[0] == "Red shoe. x, y")
      #expect(throws: ItemError.self) { try table.texts(["blurb"]) }
      let encoder = try TextEncoder(url, pooling: .mean, workers: Workers(threads: 2))
      var count = TextEncoder.Count()
      let vectors = try ItemVectors(texts: ["title"], of: table, by: encoder, count: &count) { $0 != "b" }
      #expect(count.encoded == 4 && count.known == 0)
      #expect(vectors.ids.names.map(\.text) == ["a", "d", "e", "f"])
      #expect(vectors.text == ModelFeatures.TextSource(columns: ["title"], by: encoder))
      #expect(largestDifference(vectors.vectors.rows(2..<3).values, encoder.vectors(of: ["boat"]).values) < 1e-5)
    }
  }

  @Test func whatReadsNoTextIsRefused() throws {
    try withBERT(kind: .whitespace(escaped: true)) { url in
      #expect(throws: TextEncoderError.readsNoText(path: url.path)) {
        _ = try TextEncoder(url, pooling: .mean, workers: Workers(threads: 1))
      }
    }
  }

  /// A real sentence BERT (see `Fixtures/sentences/make_golden.py`), where there is one.
  private static let sentenceBERT = ProcessInfo.processInfo.environment["CLOZE_SENTENCE_BERT"]

  @Test(.enabled(if: sentenceBERT != nil, "CLOZE_SENTENCE_BERT names no sentence BERT"))
  func aRealCheckpointGivesTheVectorsThatNumPyFinds() throws {
    let encoder = try TextEncoder(
      URL(fileURLWithPath: try #require(Self.sentenceBERT)), pooling: .mean, workers: Workers(threads: 2))
    let golden: [(String, [Float])] = [
      ("Toy Story (1995)", [-0.513455, 0.328711, 0.332095, -0.173158]),
      ("GoldenEye (1995)", [-0.642867, 0.032048, 0.031773, -0.340753]),
      ("Il Postino: The Postman (Le Facteur Cité)", [-0.215277, 0.553678, -0.030256, -0.132942]),
      ("Don't look back!", [0.034985, -0.237128, 0.157974, 0.06619]),
    ]
    let vectors = encoder.vectors(of: golden.map(\.0))
    #expect(encoder.width == 384)
    for (row, expected) in golden.enumerated() {
      #expect(largestDifference(vectors.rows(row..<row + 1).columns(0..<4).values, expected.1) < 1e-4, "\(expected.0)")
    }
  }
}
