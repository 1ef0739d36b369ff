import Interactions
import Kernels
import NeuralNetwork
import SequentialModels
import Testing

@Suite struct ScoringTests {
  private func model(pooling: Pooling, attention: EncoderConfiguration.AttentionSpan, threads: Int = 2) -> BERT4Rec {
    let vocabulary = ItemVocabulary(items: 30)
    let network = BERTNetwork(
      EncoderConfiguration(
        vocabularySize: vocabulary.size, hidden: 12, layers: 2, heads: 3, positions: 10, attention: attention,
        pooling: pooling))
    return BERT4Rec(
      network: network, parameters: network.initialParameters(seed: 4, deviation: 0.3), vocabulary: vocabulary,
      workers: Workers(threads: threads))
  }

  private let histories: [ArraySlice<ItemID>] = (0..<300).map { number in
    ArraySlice((0..<number % 23).map { ItemID((number * 5 + $0 * 7) % 30) })
  }

  @Test(arguments: [Pooling.tail, .last], EncoderConfiguration.AttentionSpan.allCases)
  func aScoreDoesNotDependOnTheBatch(
    pooling: Pooling, attention: EncoderConfiguration.AttentionSpan
  ) {
    let model = model(pooling: pooling, attention: attention)
    let together = Matrix(rows: histories.count, columns: 30)
    model.score(histories, into: together)
    for number in [0, 1, 2, 9, 10, 11, 22, 150, 299] {
      let alone = Matrix(rows: 1, columns: 30)
      model.score([histories[number]], into: alone)
      let difference = zip(alone.values, together.rows(number..<number + 1).values).map { abs($0 - $1) }.max()!
      #expect(difference < 1e-5, "history \(number)")
    }
  }

  @Test func onlyTheMostRecentItemsCount() {
    let model = model(pooling: .tail, attention: .bidirectional)
    let long = ArraySlice((0..<40).map { ItemID($0 * 3 % 30) })
    let scores = Matrix(rows: 2, columns: 30)
    model.score([long, long.suffix(9)], into: scores)
    #expect(scores.rows(0..<1).values == scores.rows(1..<2).values)
  }

  @Test func aCausalLastItemScoresAsItsPositionInTraining() {
    // The last state of a causal encoder is the same whether or not later items follow.
    let model = model(pooling: .last, attention: .causal)
    let items = (0..<8).map { ItemID($0) }
    let scores = Matrix(rows: 1, columns: 30)
    model.score([ArraySlice(items[0..<5])], into: scores)
    var batch = MicroBatch()
    for (position, item) in items.enumerated() {
      let row = batch.appendQuery(
        token: model.vocabulary.token(item), position: position, prefixLength: position + 1)
      if position == 4 { batch.targets.append(Target(token: 4, row: row, objective: .nextItem)) }
    }
    batch.rows.endSequence()
    let vector = model.network.forward(
      batch, parameters: model.parameters, mode: .inference, rowBase: 0,
      workspace: BERTWorkspace(model.network.configuration, rows: 8))
    let inside = Matrix(rows: 1, columns: 30)
    MatrixProduct.multiply(vector, model.itemTable, rightTransposed: true, into: inside)
    BiasSum.forward(input: inside, bias: model.itemBias.reshaped(rows: 1, columns: 30))
    #expect(zip(inside.values, scores.values).allSatisfy { abs($0 - $1) < 1e-5 })
  }
}
