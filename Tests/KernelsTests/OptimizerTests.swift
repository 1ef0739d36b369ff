import Kernels
import TestSupport
import Testing

@Suite struct OptimizerTests {
  /// Three steps of `torch.optim.AdamW(lr=0.1, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)` by hand, in double.
  @Test(arguments: [1, 3, 17, 64])
  func adamWTakesTheStepsOfItsFormula(count: Int) {
    let start = Grid.random(1, count, seed: 1)
    let values = start.matrix()
    let first = Matrix(rows: 1, columns: count)
    let second = Matrix(rows: 1, columns: count)
    var expected = start.values
    var m = [Double](repeating: 0, count: count)
    var v = m
    for step in 1...3 {
      let gradient = Grid.random(1, count, seed: 10 + UInt64(step))
      AdamW(
        learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, gradientScale: 0.5, step: step
      ).update(values: values, gradient: gradient.matrix(), first: first, second: second)
      for i in 0..<count {
        let g = gradient.values[i] / 2
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g * g
        var (first, second) = (1.0, 1.0)
        for _ in 0..<step { (first, second) = (first * 0.9, second * 0.999) }
        expected[i] -= 0.1 * 0.01 * expected[i]
        expected[i] -= 0.1 * (m[i] / (1 - first)) / ((v[i] / (1 - second)).squareRoot() + 1e-8)
      }
    }
    #expect(Grid<Double>(1, count) { expected[$1] }.distance(values) < 1e-5)
  }

  @Test func shardsAreAddedInTheirOrder() {
    let shards = (0..<5).map { Grid.random(3, 17, seed: UInt64($0)).matrix() }
    let expected = (0..<51).map { i in shards.reduce(Float(0)) { $0 + $1.values[i] } }
    Reduction.sum(shards: shards, into: shards[0])
    #expect(shards[0].values == expected)
  }

  @Test(arguments: [1, 17, 1_025, 5_000])
  func dotProductsSurviveLength(count: Int) {
    let a = Grid.random(1, count, seed: 1)
    let b = Grid.random(1, count, seed: 2)
    let expected = zip(a.values, b.values).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(Reduction.dot(a.matrix(), b.matrix()) - expected) < 1e-3)
    #expect(abs(Reduction.sumOfSquares(a.matrix()) - a.values.reduce(0) { $0 + $1 * $1 }) < 1e-6 * Double(count) + 1e-6)
  }
}
