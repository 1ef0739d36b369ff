import Kernels
import TestSupport
import Testing

@Suite struct RandomTests {
  @Test func everyArgumentCounts() {
    let base = CounterRandom(seed: 1, purpose: 2, step: 3)
    let others = [
      CounterRandom(seed: 2, purpose: 2, step: 3), CounterRandom(seed: 1, purpose: 3, step: 3),
      CounterRandom(seed: 1, purpose: 2, step: 4), CounterRandom(seed: 1, purpose: 3, step: 2),
    ]
    #expect(Set(others.map { $0.bits(0) } + [base.bits(0), base.bits(1)]).count == 6)
    #expect(base.bits(9) == CounterRandom(seed: 1, purpose: 2, step: 3).bits(9))
  }

  /// Saved training states continue only while these stand.
  @Test func theFunctionStaysTheSame() {
    let random = CounterRandom(seed: 42, purpose: 1, step: 7)
    #expect(random.bits(0) == 837_909_036_782_777_133)
    #expect(random.bits(123_456_789) == 5_925_437_403_411_574_544)
  }

  @Test func uniformNumbersFillTheirBins() {
    let random = CounterRandom(seed: 3, purpose: 0, step: 0)
    var bins = [Int](repeating: 0, count: 10)
    for i in 0..<100_000 { bins[random.below(10, UInt64(i))] += 1 }
    let chi = bins.reduce(0.0) { $0 + (Double($1) - 10_000) * (Double($1) - 10_000) / 10_000 }
    #expect(chi < 27.9)  // 0.1 % of fair generators fail
    #expect((0..<1000).allSatisfy { (0..<1).contains(random.uniform(UInt64($0))) })
  }

  @Test func normalNumbersHaveTheirMoments() {
    let random = CounterRandom(seed: 4, purpose: 0, step: 0)
    let numbers = (0..<50_000).map { random.normal(UInt64($0)) }
    let mean = numbers.reduce(0, +) / 50_000
    let variance = numbers.reduce(0) { $0 + $1 * $1 } / 50_000
    let fourth = numbers.reduce(0) { $0 + $1 * $1 * $1 * $1 } / 50_000
    #expect(abs(mean) < 0.02)
    #expect(abs(variance - 1) < 0.03)
    #expect(abs(fourth - 3) < 0.2)
  }

  @Test(arguments: [Float(0.1), 0.5, 0.9])
  func dropoutKeepsItsShareInRowsAndColumns(probability: Float) {
    let dropout = Dropout(probability: probability, key: 17)
    let (rows, columns) = (300, 101)
    let ones = Matrix(rows: rows, columns: columns)
    ones.fill(1)
    drop(ones, dropout, rowBase: 0)
    let factors = Grid<Double>(rows, columns) { dropoutFactor(dropout, row: $0, column: $1) }
    #expect(factors.distance(ones) < 1e-5)
    let kept = factors.values.count { $0 > 0 }
    let spread = (Double(probability * (1 - probability)) * Double(rows * columns)).squareRoot()
    #expect(abs(Double(kept) - Double(1 - probability) * Double(rows * columns)) < 4 * spread)
    // Neighbors, across and down, agree as often as independent ones.
    let p = Double(probability)
    let agreement = p * p + (1 - p) * (1 - p)
    for (down, across) in [(0, 1), (1, 0), (0, 16), (1, 1)] {
      var same = 0
      for r in 0..<rows - down {
        for c in 0..<columns - across where (factors[r, c] > 0) == (factors[r + down, c + across] > 0) { same += 1 }
      }
      let pairs = Double((rows - down) * (columns - across))
      #expect(abs(Double(same) / pairs - agreement) < 4 * (agreement * (1 - agreement) / pairs).squareRoot() + 0.004)
    }
  }

  /// However a batch is cut, a row keeps its mask.
  @Test func rowsCountFromTheirBase() {
    let dropout = Dropout(probability: 0.5, key: 3)
    func dropped(_ rows: Range<Int>) -> [Float] {
      let ones = Matrix(rows: rows.count, columns: 19)
      ones.fill(1)
      drop(ones, dropout, rowBase: 100 + rows.lowerBound)
      return ones.values
    }
    #expect(dropped(0..<8) == dropped(0..<3) + dropped(3..<8))
  }

  /// Applies `dropout` to `rows` in place: `ResidualNormalization` leaves its sum in the branch.
  private func drop(_ rows: Matrix, _ dropout: Dropout, rowBase: Int) {
    func zeros(_ count: Int) -> Matrix { Matrix(rows: count, columns: rows.columns) }
    let statistics = (mean: Matrix(rows: 1, columns: rows.rows), reciprocal: Matrix(rows: 1, columns: rows.rows))
    ResidualNormalization.forward(
      branch: rows, bias: zeros(1), residual: zeros(rows.rows), scale: zeros(1), shift: zeros(1), epsilon: 1e-3,
      dropout: dropout, rowBase: rowBase, output: zeros(rows.rows), mean: statistics.mean,
      reciprocal: statistics.reciprocal)
  }
}
