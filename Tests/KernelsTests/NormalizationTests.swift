import Kernels
import TestSupport
import Testing

@Suite struct NormalizationTests {
  static let sizes = [(1, 1), (3, 17), (17, 3), (5, 64), (2, 33)]
  static let dropouts = [Dropout.none, Dropout(probability: 0.3, key: 99)]

  @Test(arguments: sizes, dropouts)
  func layerNormalization(size: (Int, Int), dropout: Dropout) {
    let (rows, width) = size
    let x = Grid.random(rows, width, seed: 1)
    let scale = Grid.random(1, width, seed: 2)
    let shift = Grid.random(1, width, seed: 3)
    let weights = Grid.random(rows, width, seed: 4)
    let output = Matrix(rows: rows, columns: width)
    let mean = Matrix(rows: rows, columns: 1)
    let reciprocal = Matrix(rows: rows, columns: 1)
    LayerNormalization.forward(
      input: x.matrix(gap: 2), scale: scale.matrix(), shift: shift.matrix(), epsilon: 1e-3, dropout: dropout,
      rowBase: 11,
      output: output, mean: mean, reciprocal: reciprocal)
    let expected = Reference.dropped(
      Reference.layerNormalization(x, scale: scale, shift: shift, epsilon: 1e-3), dropout, rowBase: 11)
    #expect(expected.distance(output) < 1e-4)

    let gradient = weights.matrix()
    let scaleGradient = Matrix(rows: 1, columns: width)
    let shiftGradient = Matrix(rows: 1, columns: width)
    LayerNormalization.backward(
      outputGradient: gradient, input: x.matrix(), scale: scale.matrix(), mean: mean, reciprocal: reciprocal,
      dropout: dropout, rowBase: 11, inputGradient: gradient, scaleGradient: scaleGradient, shiftGradient: shiftGradient
    )
    let error = derivativeError([x, scale, shift], [gradient, scaleGradient, shiftGradient]) {
      let y = Reference.layerNormalization($0[0], scale: $0[1], shift: $0[2], epsilon: 1e-3)
      return weighted(Reference.dropped(y, dropout, rowBase: 11), weights)
    }
    #expect(error < 1e-5)
  }

  @Test(arguments: sizes, dropouts)
  func residualNormalization(size: (Int, Int), dropout: Dropout) {
    let (rows, width) = size
    let branch = Grid.random(rows, width, seed: 1)
    let bias = Grid.random(1, width, seed: 2)
    let residual = Grid.random(rows, width, seed: 3)
    let scale = Grid.random(1, width, seed: 4)
    let shift = Grid.random(1, width, seed: 5)
    let weights = Grid.random(rows, width, seed: 6)
    let sum = branch.matrix()
    let output = Matrix(rows: rows, columns: width)
    let mean = Matrix(rows: 1, columns: rows)
    let reciprocal = Matrix(rows: 1, columns: rows)
    ResidualNormalization.forward(
      branch: sum, bias: bias.matrix(), residual: residual.matrix(gap: 1), scale: scale.matrix(), shift: shift.matrix(),
      epsilon: 1e-3, dropout: dropout, rowBase: 5, output: output, mean: mean, reciprocal: reciprocal)
    func forward<S>(_ x: [Grid<S>]) -> Grid<S> {
      let branch = Reference.dropped(Reference.biased(x[0], x[1]), dropout, rowBase: 5)
      return Reference.layerNormalization(Reference.sum(x[2], branch), scale: x[3], shift: x[4], epsilon: 1e-3)
    }
    #expect(forward([branch, bias, residual, scale, shift]).distance(output) < 1e-4)

    let gradients = [branch, bias, residual, scale, shift].map { Matrix(rows: $0.rows, columns: $0.columns) }
    ResidualNormalization.backward(
      outputGradient: weights.matrix(), sum: sum, scale: scale.matrix(), mean: mean, reciprocal: reciprocal,
      dropout: dropout, rowBase: 5, residualGradient: gradients[2], branchGradient: gradients[0],
      biasGradient: gradients[1], scaleGradient: gradients[3], shiftGradient: gradients[4])
    #expect(
      derivativeError([branch, bias, residual, scale, shift], gradients) { weighted(forward($0), weights) } < 1e-5)
  }
}
