import Interactions
import Kernels
import NeuralNetwork
import SequentialModels
import TestSupport
import Testing

/// A network whose item table is a sum, beside one that has the same table as it is.
@Suite struct FeatureTableTests {
  private let configuration = EncoderConfiguration(
    vocabularySize: 12, hidden: 8, layers: 1, heads: 2, positions: 10, dropout: 0, attentionDropout: 0)
  private let features: ItemFeatures = Self.all
  private static let all = ItemFeatures(
    rows: FeatureRows(
      (0..<12).map { token in
        token < 5 || token == 11 ? [] : [(value: Int32(token % 3), weight: Float(1))]
      }, valueCount: 3), vectors: vectors, idDropout: 0)

  /// Two numbers for the tokens 5 … 9.
  private static let vectors: Matrix = {
    let vectors = Matrix(rows: 12, columns: 2)
    for token in 5..<10 { vectors.rows(token..<token + 1).assign([Float(token) / 10, Float(7 - token)]) }
    return vectors
  }()

  private func batch(_ configuration: EncoderConfiguration) -> MicroBatch {
    var batch = MicroBatch()
    let encoding = HistoryEncoding(configuration: configuration, vocabulary: ItemVocabulary(items: 7))
    for history in [[0, 1, 6, 2], [5, 3]] { encoding.append(history.map { ItemID($0) }[...], to: &batch) }
    batch.weigh { _ in 1 }
    return batch
  }

  /// The gradient of one pass.
  private func gradients(_ network: BERTNetwork, _ parameters: ParameterVector) -> (ParameterVector, Double) {
    let gradients = ParameterVector(network.layout)
    let batch = batch(configuration)
    let sums = network.forwardBackward(
      batch, parameters: parameters, gradients: gradients, mode: .training(seed: 1, step: 0), rowBase: 0,
      workspace: BERTWorkspace(configuration, rows: batch.rows.count))
    return (gradients, sums.items)
  }

  @Test func theGradientOfTheTableIsDividedUpBetweenItsParts() throws {
    let network = BERTNetwork(configuration, features: features)
    let parameters = network.initialParameters(seed: 3)
    let sum = try #require(network.features)
    let (values, valueBias) = (try #require(sum.values), try #require(sum.valueBias))
    let (map, mapBias) = (try #require(sum.map), try #require(sum.mapBias))
    for value in 0..<3 { parameters[valueBias][0, value] = Float(value) - 1 }
    for axis in 0..<2 { parameters[mapBias][0, axis] = Float(axis) + 0.5 }
    network.makeTable(parameters, workers: Workers(threads: 1))
    let plain = BERTNetwork(configuration)
    let same = ParameterVector(plain.layout)
    for tensor in plain.layout.tensors { same[tensor].assign(parameters[try #require(network.layout[tensor.name])]) }
    plain.itemTable(in: same).assign(network.itemTable(in: parameters))
    plain.itemBias(in: same).assign(network.itemBias(in: parameters))
    let (whole, loss) = gradients(plain, same)
    let (parts, sameLoss) = gradients(network, parameters)
    #expect(loss == sameLoss)
    sum.backward(sum.draw(), gradients: parts)
    for tensor in plain.layout.tensors {
      #expect(parts[try #require(network.layout[tensor.name])].values == whole[tensor].values, "\(tensor.name)")
    }
    let table = plain.itemTable(in: whole)
    for value in 0..<3 {
      let tokens = (5..<11).filter { $0 % 3 == value }
      for column in 0..<8 {
        let expected = tokens.reduce(Float(0)) { $0 + table[$1, column] }
        #expect(abs(parts[values][value, column] - expected) < 1e-6)
      }
      let expected = tokens.reduce(Float(0)) { $0 + plain.itemBias(in: whole)[0, $1] }
      #expect(abs(parts[valueBias][0, value] - expected) < 1e-6)
    }
    for axis in 0..<2 {
      for column in 0..<8 {
        let expected = (5..<10).reduce(Float(0)) { $0 + Self.vectors[$1, axis] * table[$1, column] }
        #expect(abs(parts[map][axis, column] - expected) < 1e-6)
      }
      let expected = (5..<10).reduce(Float(0)) { $0 + Self.vectors[$1, axis] * plain.itemBias(in: whole)[0, $1] }
      #expect(abs(parts[mapBias][0, axis] - expected) < 1e-6)
    }
    #expect(parts[values].values.contains { $0 != 0 } && parts[map].values.contains { $0 != 0 })
  }

  @Test func aHiddenItemIsWhatItsFeaturesSayAndLearnsNothingOfItsOwn() throws {
    let hiding = ItemFeatures(rows: features.rows, idDropout: 0.5)
    let network = BERTNetwork(configuration, features: hiding)
    let parameters = network.initialParameters(seed: 3)
    let sum = try #require(network.features)
    let draw = sum.draw(random: CounterRandom(seed: 5, .itemDropout))
    sum.forward(draw, parameters: parameters, workers: Workers(threads: 1))
    let (table, values) = (network.itemTable(in: parameters), parameters[try #require(sum.values)])
    let hidden = (5..<11).filter { table.rows($0..<$0 + 1).values == values.rows($0 % 3..<$0 % 3 + 1).values }
    #expect(!hidden.isEmpty && hidden.count < 6)
    // What has no features is never hidden.
    for token in [0, 4, 11] {
      #expect(table.rows(token..<token + 1).values == parameters[sum.own].rows(token..<token + 1).values)
    }
    let (parts, _) = gradients(network, parameters)
    sum.backward(draw, gradients: parts)
    for token in 5..<11 {
      let isZero = parts[sum.own].rows(token..<token + 1).values.allSatisfy { $0 == 0 }
      #expect(isZero == hidden.contains(token), "token \(token)")
    }
  }

  @Test func withoutFeaturesTheLayoutIsAsItWas() {
    let network = BERTNetwork(configuration)
    #expect(network.features == nil)
    #expect(network.layout.tensors.allSatisfy { !$0.name.hasPrefix(FeatureTable.tensorPrefix) })
    #expect(network.encoder.embeddings.table == network.encoder.embeddings.token)
  }
}
