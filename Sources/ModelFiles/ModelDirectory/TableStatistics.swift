import Kernels

/// The mean and spread of each column of a table, from which rows are drawn that look like the others.
struct TableStatistics: Sendable {
  private let means: [Double]
  private let deviations: [Double]

  /// The columns of `rows` of a table `[rows, width]`; every row where `rows` is empty.
  init(_ values: [Float], width: Int, rows: [Int]) {
    let rows = rows.isEmpty ? Array(0..<values.count / width) : rows
    var means = [Double](repeating: 0, count: width)
    var squares = [Double](repeating: 0, count: width)
    for row in rows {
      for column in 0..<width { means[column] += Double(values[row * width + column]) }
    }
    for column in 0..<width { means[column] /= Double(rows.count) }
    for row in rows {
      for column in 0..<width {
        let distance = Double(values[row * width + column]) - means[column]
        squares[column] += distance * distance
      }
    }
    self.means = means
    deviations = squares.map { ($0 / Double(rows.count)).squareRoot() }
  }

  /// Row number `row` of those that `random` can draw: normal, with each column's own mean and spread.
  func draw(_ row: Int, _ random: CounterRandom) -> [Float] {
    means.indices.map { column in
      Float(means[column] + deviations[column] * random.normal(UInt64(row * means.count + column)))
    }
  }
}
