import Foundation
import Kernels
import NeuralNetwork
import ModelFiles
import SequentialModels
import Testing
import Training

@Suite struct MaskedTokenValidatorTests {
  private let lines = TokenLines(path: "lines", lines: (0..<40).map { "a b c d e \($0 % 7) \($0 % 5)" })

  private func validator(threads: Int) throws -> (MaskedTokenValidator, BERTNetwork, TokenCorpus) {
    let tokenizer = Tokenizer(Vocabulary(items: lines.log().items.names.map(\.text)), kind: .whitespace(escaped: false))
    let corpus = try TokenCorpus(lines, tokenizer: tokenizer, positions: 8, frame: .none)
    let network = BERTNetwork(
      EncoderConfiguration(vocabularySize: corpus.vocabulary.size, hidden: 8, layers: 1, heads: 2, positions: 8))
    return (MaskedTokenValidator(corpus, masking: .init(), workers: Workers(threads: threads)), network, corpus)
  }

  @Test func aModelThatKnowsNothingIsAsPerplexedAsThereAreTokens() throws {
    let (validator, network, corpus) = try validator(threads: 1)
    let model = BERT4Rec(
      network: network, parameters: ParameterVector(network.layout), vocabulary: corpus.vocabulary,
      workers: Workers(threads: 1))
    let values = validator.measure(model)
    let size = Double(corpus.vocabulary.size)
    #expect(values.map(\.key.description) == ["loss", "perplexity", "masked accuracy"])
    #expect(abs(values[0].value - log(size)) < 1e-5)
    #expect(abs(values[1].value - size) < 1e-4 * size)
    #expect(validator.quality(of: values) == -values[0].value)
  }

  @Test func theFiguresDoNotDependOnThreadsOrOnTheEpoch() throws {
    let (one, network, corpus) = try validator(threads: 1)
    let two = try validator(threads: 2).0
    let model = BERT4Rec(
      network: network, parameters: network.initialParameters(seed: 3, deviation: 0.5), vocabulary: corpus.vocabulary,
      workers: Workers(threads: 1))
    #expect(one.measure(model) == two.measure(model))
    #expect(one.measure(model) == one.measure(model))
  }
}
