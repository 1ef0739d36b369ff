import Foundation
import Interactions
import Kernels
import NeuralNetwork
import ModelFiles
import SequentialModels
import TestSupport
import Testing

@Suite struct HuggingFaceNetworkTests {
  @Test(arguments: [HuggingFaceFixture.preTraining, HuggingFaceFixture.maskedLM])
  func weightsGoThroughTheNetworkAndBack(source: URL) throws {
    let model = try HuggingFaceModel.read(source)
    let network = BERTNetwork(model.configuration.encoder)
    let recommender = BERT4Rec(
      network: network, parameters: network.parameters(from: model, seed: 1), vocabulary: ItemVocabulary(items: 32),
      workers: Workers(threads: 1))
    let back = recommender.huggingFace(tokenizer: nil)
    #expect(back.tensors == model.tensors)
    var configuration = model.configuration
    configuration.initializerRange = back.configuration.initializerRange
    #expect(back.configuration == configuration)
  }

  @Test func headsThatAreMissingStartFresh() throws {
    let model = try HuggingFaceModel.read(HuggingFaceFixture.maskedLM)
    var encoder = model.configuration.encoder
    encoder.nextSegmentHead = true
    let network = BERTNetwork(encoder)
    let (found, fresh) = (network.parameters(from: model, seed: 7), network.initialParameters(seed: 7))
    for tensor in network.layout.tensors {
      #expect(found[tensor].values == model.tensors[tensor.name]?.values ?? fresh[tensor].values, "\(tensor.name)")
    }
  }

  @Test func parityLogitsAreTheScores() throws {
    let model = HuggingFaceFixture.recommender(of: try HuggingFaceModel.read(HuggingFaceFixture.preTraining))
    let histories: [ArraySlice<ItemID>] = [[], [ItemID(0), ItemID(2)]]
    let vocabulary = Vocabulary(items: HuggingFaceFixture.items)
    let tokenizer = Tokenizer(vocabulary, kind: .whitespace(escaped: true))
    let parity = ParityFile(model, tokenizer: tokenizer, histories: histories)
    #expect(parity.cases[0].token_ids == [4])
    #expect(parity.cases[0].text == "[MASK]")
    #expect(parity.cases[1].token_ids == [5, 7, 4])
    #expect(parity.cases[1].text == "blue%20shoe %5BMASK] [MASK]")
    #expect(parity.cases[1].position == 2)
    let text = Tokenizer(vocabulary, kind: .wordPiece(BasicTokenizer()))
    #expect(ParityFile(model, tokenizer: text, histories: histories).cases[1].text == nil)
    let scores = Matrix(rows: 2, columns: 32)
    model.score(histories, into: scores)
    for (row, found) in parity.cases.enumerated() {
      #expect(found.logit_ids == Array(0..<37))
      #expect(largestDifference(Array(found.logits.dropFirst(5)), scores.rows(row..<row + 1).values) < 1e-5)
    }
  }
}
