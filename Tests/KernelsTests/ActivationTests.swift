import Kernels
import TestSupport
import Testing

@Suite struct ActivationTests {
  /// From −12 to 12 in steps of 1/256, and beyond.
  static let points = Grid<Double>(1, 6149) { $1 < 6145 ? Double($1) / 256 - 12 : [-90, 90, -1e4, 1e4][$1 - 6145] }

  @Test(arguments: zip(Activation.allCases, [1e-6, 1.5e-6, 0, 2e-7]))
  func valuesAreExactToTheLastBits(activation: Activation, tolerance: Double) {
    let output = Matrix(rows: 1, columns: Self.points.columns)
    BiasActivation.forward(
      input: Self.points.matrix(), bias: Matrix(rows: 1, columns: output.columns), activation: activation,
      output: output)
    let expected = Grid<Double>(1, output.columns) { Reference.activated(Self.points[$0, $1], activation) }
    #expect(expected.distance(output) <= tolerance)
  }

  @Test(arguments: zip(Activation.allCases, [1e-6, 2e-6, 0, 4e-7]))
  func derivativesAreExactToTheLastBits(activation: Activation, tolerance: Double) {
    let slope = Self.points.matrix()
    BiasActivation.forward(
      input: slope, bias: Matrix(rows: 1, columns: slope.columns), activation: activation,
      output: Matrix(rows: 1, columns: slope.columns))
    let expected = Grid<Double>(1, Self.points.columns) {
      Reference.activated(Dual(Self.points[$0, $1], 1), activation).derivative
    }
    #expect(expected.distance(slope) <= tolerance)
  }

  @Test(arguments: [(1, 1), (3, 17), (17, 3), (4, 64)])
  func theBiasComesFirstAndItsGradientIsTheSumOfRows(size: (Int, Int)) {
    let (rows, width) = size
    let x = Grid.random(rows, width, seed: 1)
    let bias = Grid.random(1, width, seed: 2)
    let weights = Grid.random(rows, width, seed: 3)
    let input = x.matrix(gap: 3)
    let output = Matrix(rows: rows, columns: width)
    BiasActivation.forward(input: input, bias: bias.matrix(), activation: .gelu, output: output)
    let biased = Reference.biased(x, bias)
    #expect(Grid(rows, width) { Reference.activated(biased[$0, $1], .gelu) }.distance(output) < 1e-5)
    let gradient = weights.matrix()
    let biasGradient = Matrix(rows: 1, columns: width)
    BiasActivation.backward(
      outputGradient: gradient, slope: input, inputGradient: gradient,
      biasGradient: biasGradient)
    let error = derivativeError([x, bias], [gradient, biasGradient]) { inputs in
      let z = Reference.biased(inputs[0], inputs[1])
      return weighted(Grid(rows, width) { Reference.activated(z[$0, $1], .gelu) }, weights)
    }
    #expect(error < 1e-5)
  }

  @Test func aBiasAloneIsAddedAndSummed() {
    let x = Grid.random(5, 19, seed: 1)
    let bias = Grid.random(1, 19, seed: 2)
    let input = x.matrix()
    BiasSum.forward(input: input, bias: bias.matrix())
    #expect(Reference.biased(x, bias).distance(input) < 1e-6)
    let gradient = bias.matrix()
    BiasSum.backward(outputGradient: x.matrix(), biasGradient: gradient)
    let expected = Grid<Double>(1, 19) { _, c in (0..<5).reduce(bias[0, c]) { $0 + x[$1, c] } }
    #expect(expected.distance(gradient) < 1e-5)
  }
}
