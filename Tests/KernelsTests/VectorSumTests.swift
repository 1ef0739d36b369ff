import Kernels
import TestSupport
import Testing

@Suite struct VectorSumTests {
  @Test(arguments: [(1, 1), (3, 17), (17, 3), (64, 16)], [[0, 1, 2, 3, 4], [1, 2], [0, 2, 4]] as [[Int32]])
  func sumsAndTheirGradientsAreThoseOfTheFormula(size: (width: Int, hidden: Int), rows: [Int32]) {
    let vectors = Grid.random(5, size.width, seed: 1)
    let map = Grid.random(size.width, size.hidden, seed: 2)
    let output = Matrix(rows: 5, columns: size.hidden)
    output.fill(0.5)
    VectorSum.forward(vectors: vectors.matrix(), map: map.matrix(), rows: rows[...], output: output)
    func forward<S: Scalar>(_ map: Grid<S>) -> Grid<S> {
      Grid(rows.count, size.hidden) { index, column in
        (0..<size.width).reduce(S(0)) { $0 + S(Double(vectors[Int(rows[index]), $1])) * map[$1, column] }
      }
    }
    let sums = forward(map)
    for row in 0..<5 {
      for column in 0..<size.hidden {
        let index = rows.firstIndex(of: Int32(row))
        let expected = 0.5 + (index.map { Double(sums[$0, column]) } ?? 0)
        #expect(abs(Double(output[row, column]) - expected) < 1e-5)
      }
    }
    let weights = Grid.random(rows.count, size.hidden, seed: 4)
    let (slopes, gradient) = (
      Matrix(rows: 5, columns: size.hidden), Matrix(rows: size.width, columns: size.hidden)
    )
    slopes.fill(9)
    for row in rows { slopes.rows(Int(row)..<Int(row) + 1).fill(0) }
    Rows.scatterAdd(weights.matrix(), rows, into: slopes)
    VectorSum.backward(gradient: slopes, vectors: vectors.matrix(), rows: rows[...], mapGradient: gradient)
    #expect(derivativeError([map], [gradient]) { weighted(forward($0[0]), weights) } < 1e-5)
  }
}

@Suite struct PrincipalComponentsTests {
  @Test(arguments: [1, 3, 8]) func placesAreUncorrelatedAndTheFirstVaryMost(width: Int) {
    let rows = Grid.random(40, width, seed: 3).matrix()
    for row in 0..<40 {
      for column in 0..<width { rows[row, column] = Float(column + 1) * rows[row, column] + Float(column) }
    }
    let components = PrincipalComponents(of: rows, count: width)
    #expect(components.variances == components.variances.sorted(by: >))
    let places = components.project(rows)
    var whole = 0.0
    for a in 0..<width {
      for b in 0..<width {
        var (product, length) = (0.0, 0.0)
        for row in 0..<40 { product += Double(places[row, a] * places[row, b]) / 40 }
        for column in 0..<width { length += Double(components.axes[a, column] * components.axes[b, column]) }
        let (variance, one) = a == b ? (components.variances[a], 1.0) : (0, 0)
        #expect(abs(product - variance) < 1e-3)
        #expect(abs(length - one) < 1e-5)
      }
      for row in 0..<40 {
        let distance = Double(rows[row, a] - components.mean[a])
        whole += distance * distance / 40
      }
    }
    let sum = components.variances.reduce(0, +)
    #expect(abs(sum - whole) < 1e-3 * whole)
  }

  @Test func aLineHasOneAxisThatPointsUpItsLargestNumber() {
    let rows = Matrix(rows: 3, columns: 2, [1, -2, 2, -4, 3, -6])
    let components = PrincipalComponents(of: rows, count: 1)
    #expect(components.mean == [2, -4])
    #expect(abs(components.axes[0, 0] + 0.4472136) < 1e-6 && abs(components.axes[0, 1] - 0.8944272) < 1e-6)
    #expect(abs(components.variances[0] - 10.0 / 3) < 1e-5)
  }
}
