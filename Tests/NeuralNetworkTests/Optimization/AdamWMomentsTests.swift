import Kernels
import NeuralNetwork
import Testing

@Suite struct AdamWMomentsTests {
  private static let layout: ParameterLayout = {
    var layout = ParameterLayout()
    _ = layout.add("weight", [37, 5])
    _ = layout.add("bias", [5])
    return layout
  }()

  /// Updates `parameters` by made-up gradients, from step `first` on.
  private static func update(_ optimizer: inout AdamWOptimizer, _ parameters: ParameterVector, steps: Range<Int>) {
    for step in steps {
      let shard = ParameterVector(layout)
      shard.all.assign((0..<layout.count).map { Float(($0 * 7 + step * 13) % 11) - 5 })
      _ = optimizer.update(parameters, shards: [shard], scale: 1, learningRate: 0.01, workers: Workers(threads: 1))
    }
  }

  @Test func whatGoesOnFromACopyGoesOnAsItself() {
    var whole = AdamWOptimizer(Self.layout, AdamWConfiguration(), shards: 1)
    let parameters = ParameterVector(Self.layout)
    Self.update(&whole, parameters, steps: 0..<3)
    var second = AdamWOptimizer(Self.layout, AdamWConfiguration(), shards: 1)
    second.moments = whole.moments
    let copy = parameters.copy()
    Self.update(&whole, parameters, steps: 3..<6)
    Self.update(&second, copy, steps: 3..<6)
    #expect(second.moments.step == 6)
    #expect(copy.all.values == parameters.all.values)
  }
}
