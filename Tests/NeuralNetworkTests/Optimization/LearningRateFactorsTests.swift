import Kernels
import NeuralNetwork
import Testing

@Suite struct LearningRateFactorsTests {
  /// A table of 7 rows of 3, its bias, and a vector.
  private struct Network {
    let layout: ParameterLayout
    let table, bias, other: ParameterTensor

    init() {
      var layout = ParameterLayout()
      table = layout.add("table", [7, 3])
      bias = layout.add("bias", [7])
      other = layout.add("other", [5])
      self.layout = layout
    }

    /// Ones, after a step down a gradient of ones.
    func step(_ factors: LearningRateFactors, sparse: [Int32]? = nil, weightDecay: Double = 0) -> ParameterVector {
      let parameters = ParameterVector(layout)
      parameters.all.fill(1)
      let shards = [ParameterVector(layout), ParameterVector(layout)]
      for shard in shards { shard.all.fill(0.5) }
      var optimizer = AdamWOptimizer(
        layout, AdamWConfiguration(weightDecay: weightDecay, clip: 0), factors: factors, shards: 2)
      _ = optimizer.update(
        parameters, shards: shards, scale: 1, learningRate: 0.01,
        sparse: sparse.map { SparseRows(tensors: [table, bias], rows: $0) }, workers: Workers(threads: 2))
      for shard in shards where sparse == nil {
        for tensor in layout.tensors { #expect(shard[tensor].values.allSatisfy { $0 == 0 }, "shards are cleared") }
      }
      return parameters
    }
  }

  private let network = Network()

  /// Adam's first step is the learning rate, whatever the gradient.
  private func moved(_ values: [Float]) -> [Float] { values.map { ((1 - $0) * 100 * 1_000).rounded() / 1_000 } }

  @Test func everyTensorLearnsAtItsOwnRate() {
    var factors = LearningRateFactors()
    factors.set(0.5, of: network.bias)
    factors.set(0, of: network.other)
    let after = network.step(factors, weightDecay: 0.01)
    #expect(moved(after[network.table].values).allSatisfy { abs($0 - 1.01) < 1e-3 }, "1, and the decay of a matrix")
    #expect(moved(after[network.bias].values) == Array(repeating: 0.5, count: 7))
    #expect(after[network.other].values == Array(repeating: 1, count: 5))
  }

  @Test func theLastRowsHaveARateOfTheirOwn() {
    var factors = LearningRateFactors()
    factors.set(0, of: network.table)
    factors.set(4, of: network.table, from: 5)
    factors.set(3, of: network.bias, from: 6)
    let after = network.step(factors)
    #expect(after[network.table].values.prefix(15).allSatisfy { $0 == 1 })
    #expect(moved(after[network.table].values).suffix(6).allSatisfy { abs($0 - 4) < 1e-3 })
    #expect(moved(after[network.bias].values) == [1, 1, 1, 1, 1, 1, 3])
    #expect(moved(after[network.other].values) == [1, 1, 1, 1, 1])
  }

  @Test func rowsThatAStepDidNotMeetStayWhereTheyAre() {
    var factors = LearningRateFactors()
    factors.set(2, of: network.table, from: 4)
    let after = network.step(factors, sparse: [1, 3, 4, 5])
    let rows = moved(after[network.table].values)
    #expect((0..<7).map { rows[3 * $0] } == [0, 1, 0, 1, 2, 2, 0])
    #expect(moved(after[network.bias].values) == [0, 1, 0, 1, 1, 1, 0])
  }

  @Test func aRowPastTheEndIsNone() {
    var factors = LearningRateFactors()
    factors.set(2, of: network.table, from: 9)
    #expect(moved(network.step(factors)[network.table].values).allSatisfy { $0 == 1 })
  }
}
