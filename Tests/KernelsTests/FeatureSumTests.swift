import Kernels
import TestSupport
import Testing

@Suite struct FeatureSumTests {
  private static let rows: [[(value: Int32, weight: Float)]] = [
    [], [(0, 1)], [(1, 0.25), (2, 0.25), (0, 0.5)], [(2, 1)], [(1, 0.5), (0, 0.5)],
  ]
  private let features = FeatureRows(rows, valueCount: 3)
  private let chosen: [Int32] = [0, 2, 4, 1]
  private let kept: [Float] = [1, 0, 1, 1]

  @Test(arguments: [1, 3, 17, 64]) func sumsAndTheirGradientsAreThoseOfTheFormula(width: Int) {
    let own = Grid.random(5, width, seed: 1)
    let values = Grid.random(3, width, seed: 2)
    let output = Matrix(rows: 5, columns: width)
    output.fill(7)
    FeatureSum.forward(
      own: own.matrix(), values: values.matrix(), features: features, rows: chosen[...], kept: kept[...], output: output
    )
    let (chosen, kept) = (chosen, kept)
    func forward<S: Scalar>(_ x: [Grid<S>]) -> Grid<S> {
      Grid(4, width) { index, column in
        let row = Int(chosen[index])
        return Self.rows[row].reduce(kept[index] == 0 ? S(0) : x[0][row, column]) {
          $0 + S(Double($1.weight)) * x[1][Int($1.value), column]
        }
      }
    }
    let sums = forward([own, values])
    for (index, row) in chosen.enumerated() {
      for column in 0..<width { #expect(abs(Double(output[Int(row), column]) - Double(sums[index, column])) < 1e-6) }
    }
    #expect(output.rows(3..<4).values.allSatisfy { $0 == 7 }, "a row that was not named is not written")

    let weights = Grid.random(4, width, seed: 4)
    let gradients = [Matrix(rows: 5, columns: width), Matrix(rows: 3, columns: width)]
    Rows.scatterAdd(weights.matrix(), chosen, into: gradients[0])
    FeatureSum.backward(
      gradient: gradients[0], valueGradient: gradients[1], features: features, rows: chosen[...], kept: kept[...])
    #expect(derivativeError([own, values], gradients) { weighted(forward($0), weights) } < 1e-6)
  }
}
