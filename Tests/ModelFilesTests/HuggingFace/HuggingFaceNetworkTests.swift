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

  /// Any ids give what histories give, also of a directory without a vocabulary; segments and places are read as they are.
  @Test func idsAloneGiveTheSameLogits() throws {
    let stored = try HuggingFaceModel.read(HuggingFaceFixture.preTraining)
    #expect(stored.tokenizer == nil)
    let tokenizer = Tokenizer(Vocabulary(items: HuggingFaceFixture.items), kind: .whitespace(escaped: true))
    let network = BERTNetwork(stored.configuration.encoder)
    let model = BERT4Rec(
      network: network, parameters: network.parameters(from: stored, seed: 1), vocabulary: ItemVocabulary(items: 32),
      workers: Workers(threads: 1))
    let histories = ParityFile(model, tokenizer: tokenizer, histories: [[ItemID(0), ItemID(2), ItemID(9)]])
    #expect(histories.cases.count == 2)
    let ids = ParityFile(
      stored,
      sequences: histories.cases.map { TokenSequence($0.token_ids, segments: $0.segments, position: $0.position) })
    for (a, b) in zip(histories.cases, ids.cases) {
      #expect(b.text == nil && (a.token_ids, a.segments, a.logit_ids) == (b.token_ids, b.segments, b.logit_ids))
      #expect(a.position == b.position && a.logits == b.logits)
      #expect(a.next_segment_logits == nil || a.next_segment_logits == b.next_segment_logits)
    }
    // The next-segment head reads the first place whichever one is scored.
    let last = ParityFile(stored, sequences: [TokenSequence(ids.cases[1].token_ids, segments: ids.cases[1].segments)])
    #expect(last.cases[0].next_segment_logits == ids.cases[1].next_segment_logits)
    #expect(last.cases[0].position == last.cases[0].token_ids.count - 1)
    #expect(last.cases[0].logits != ids.cases[1].logits)
  }

  @Test func idsThatAModelCannotReadAreSaid() throws {
    let encoder = try HuggingFaceModel.read(HuggingFaceFixture.preTraining).configuration.encoder
    let most = encoder.positions
    for (sequence, fault) in [
      (TokenSequence([]), "0 token ids in a sequence; the model reads 1 to \(most)"),
      (TokenSequence([Int](repeating: 0, count: most + 1)), "the model reads 1 to \(most)"),
      (TokenSequence([1, 37]), "the token id 37 is none of 0 to 36"),
      (TokenSequence([1, 2], position: 2), "the position 2 is none of 0 to 1"),
      (TokenSequence([1, 2], segments: [0]), "1 segments for 2 token ids"),
      (TokenSequence([1, 2], segments: [0, 2]), "the segment 2 is none of 0 to 1"),
    ] { #expect(sequence.fault(in: encoder)?.description.contains(fault) == true, "\(sequence)") }
    for sequence in TokenSequence.drawn(for: encoder) { #expect(sequence.fault(in: encoder) == nil) }
    #expect(try TokenSequence.read("101, 7,102") == [TokenSequence([101, 7, 102])])
    #expect(throws: TokenSequenceError.notAnID("x")) { try TokenSequence.read("1,x") }
  }

  /// A BERT with a head that has no place here is read as its encoder.
  @Test(arguments: ["BertForNextSentencePrediction", "BertForTokenClassification", "BertForQuestionAnswering"])
  func otherHeadsAreLeftOut(name: String) throws {
    let whole = try HuggingFaceModel.read(HuggingFaceFixture.maskedLM)
    let model = try HuggingFaceFixture.withModel(
      Array(whole.tensors.values), settings: ["architectures": [name]]
    ) { try HuggingFaceModel.read($0) }
    #expect(model.configuration.architecture == .model)
    for (tensor, values) in model.tensors where tensor.hasPrefix("bert.") { #expect(whole.tensors[tensor] == values) }
  }
}
