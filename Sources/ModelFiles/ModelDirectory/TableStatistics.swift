import Kernels

/// The mean and spread of each column of a table, from which rows are drawn that look like the others.
struct TableStatistics: Sendable {
  private let means: [Double]
  private let deviations: [Double]

  /// The columns of a table `[rows, width]`.
  init(_ values: [Float], width: Int) {
    self.init(width: width) { body in
      for start in stride(from: 0, to: values.count, by: width) { body(values[start..<start + width]) }
    }
  }

  /// The columns of the rows that `pass` shows, twice the same ones in the same order.
  init<Failure>(width: Int, _ pass: ((ArraySlice<Float>) -> Void) throws(Failure) -> Void) throws(Failure) {
    var means = [Double](repeating: 0, count: width)
    var squares = [Double](repeating: 0, count: width)
    var count = 0
    try pass { row in
      for column in 0..<width { means[column] += Double(row[row.startIndex + column]) }
      count += 1
    }
    for column in 0..<width { means[column] /= Double(count) }
    let centers = means
    try pass { row in
      for column in 0..<width {
        let distance = Double(row[row.startIndex + column]) - centers[column]
        squares[column] += distance * distance
      }
    }
    self.means = means
    deviations = squares.map { ($0 / Double(count)).squareRoot() }
  }

  /// Row number `row` of those that `random` can draw: normal, with each column's own mean and spread.
  func draw(_ row: Int, _ random: CounterRandom) -> [Float] {
    means.indices.map { column in
      Float(means[column] + deviations[column] * random.normal(UInt64(row * means.count + column)))
    }
  }
}
