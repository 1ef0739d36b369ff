import Foundation
import Interactions
import Kernels
import NeuralNetwork
import ModelFiles
import SequentialModels
import Testing

/// An encoder scored without a head, as a program that knows no such thing reads it.
@Suite struct IdentityHeadTests {
  @Test(arguments: [Activation.gelu, .geluTanh, .relu]) func scoresTheSameWhereNobodyKnowsOfIt(activation: Activation)
    throws
  {
    let items = (0..<20).map { "item\($0)" }
    let vocabulary = ItemVocabulary(items: items.count)
    for (attention, pooling) in [(EncoderConfiguration.AttentionSpan.causal, Pooling.last), (.bidirectional, .tail)] {
      let network = BERTNetwork(
        EncoderConfiguration(
          vocabularySize: vocabulary.size, hidden: 12, layers: 2, heads: 3, positions: 9, activation: activation,
          attention: attention, pooling: pooling, head: .direct))
      let parameters = network.initialParameters(seed: 3, deviation: 0.4)
      for tensor in network.layout.tensors where tensor.name.contains("LayerNorm") {
        for column in 0..<12 { parameters[tensor][0, column] += Float(column % 5 - 2) * 0.2 }
      }
      let model = BERT4Rec(
        network: network, parameters: parameters, vocabulary: vocabulary, workers: Workers(threads: 1))
      try HuggingFaceFixture.withFolder { folder in
        let url = folder.appendingPathComponent("model")
        try ModelDirectory.write(
          model, tokenizer: Tokenizer(Vocabulary(items: items), kind: .whitespace(escaped: true)),
          card: ModelCard(
            program: "test", configuration: network.configuration, logFingerprint: "f", split: "none", seed: 1),
          to: url)
        let ours = try ModelDirectory.load(url, workers: Workers(threads: 1)).model
        #expect(ours.network.configuration.head == .direct)
        try FileManager.default.removeItem(at: url.appendingPathComponent("cloze.json"))
        let theirs = try ModelDirectory.load(url, workers: Workers(threads: 1)).model
        #expect(theirs.network.configuration.head == .mlm)
        let histories: [ArraySlice<ItemID>] = [[4], [1, 2, 3], [0, 19, 7, 7, 2, 11, 5, 3]].map {
          $0.map { ItemID($0) }[...]
        }
        let (expected, found) = (Matrix(rows: 3, columns: 20), Matrix(rows: 3, columns: 20))
        model.score(histories, into: expected)
        ours.score(histories, into: found)
        #expect(found.values == expected.values, "our own reader leaves the head out")
        theirs.score(histories, into: found)
        for (a, b) in zip(found.values, expected.values) { #expect(abs(a - b) < 2e-5, "\(activation)") }
      }
    }
  }
}
