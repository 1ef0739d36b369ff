/// The axes along which rows of numbers vary most.
///
/// - Source: Jacobi's rotations on the covariance, by rows in a fixed order: the same rows give the same bytes.
package struct PrincipalComponents: Sendable {
  /// `[columns]` of the rows.
  package let mean: [Float]
  /// `[components, columns]`, each of length one and with its largest number positive; the greatest variance first.
  package let axes: Matrix
  /// `[components]` the variance along each axis, descending.
  package let variances: [Double]

  /// The first `count` axes of `rows`, or as many as they have columns.
  ///
  /// - Complexity: O(rows · columns² + columns³).
  package init(of rows: Matrix, count: Int) {
    precondition(rows.rows > 0 && count > 0, "\(count) components of \(rows.rows) rows")
    let width = rows.columns
    var sums = [Double](repeating: 0, count: width)
    for row in 0..<rows.rows { for column in 0..<width { sums[column] += Double(rows[row, column]) } }
    let mean = sums.map { Float($0 / Double(rows.rows)) }
    self.mean = mean
    let centered = rows.centered(around: mean)
    let products = Matrix(rows: width, columns: width)
    MatrixProduct.multiply(centered, centered, leftTransposed: true, into: products, alpha: 1 / Float(rows.rows))
    var jacobi = JacobiRotations(products.values.map(Double.init), size: width)
    jacobi.run()
    let order = (0..<width).sorted { (jacobi.value($1), $0) < (jacobi.value($0), $1) }.prefix(count)
    variances = order.map { max(0, jacobi.value($0)) }
    axes = Matrix(rows: order.count, columns: width)
    for (row, index) in order.enumerated() {
      let axis = jacobi.vector(index)
      let largest = axis.indices.max { (abs(axis[$0]), $1) < (abs(axis[$1]), $0) } ?? 0
      let sign = axis[largest] < 0 ? -1.0 : 1
      axes.rows(row..<row + 1).assign(axis.map { Float(sign * $0) })
    }
  }

  /// The places of `rows` on the axes, `[rows, components]`.
  package func project(_ rows: Matrix) -> Matrix {
    rows.places(on: axes, around: mean)
  }
}

extension Matrix {
  /// The places of the rows on `axes`, `(row − mean) · axesᵀ`.
  ///
  /// - Shapes: `[rows, columns]`, `axes` `[axes, columns]`, `mean` `[columns]`; the result `[rows, axes]`.
  package func places(on axes: Matrix, around mean: [Float]) -> Matrix {
    let places = Matrix(rows: rows, columns: axes.rows)
    MatrixProduct.multiply(centered(around: mean), axes, rightTransposed: true, into: places)
    return places
  }

  /// The rows without `mean`.
  fileprivate func centered(around mean: [Float]) -> Matrix {
    let centered = Matrix(rows: rows, columns: columns)
    for row in 0..<rows { for column in 0..<columns { centered[row, column] = self[row, column] - mean[column] } }
    return centered
  }
}

/// Makes a symmetric matrix diagonal by rotations of two rows and two columns each.
private struct JacobiRotations {
  private let size: Int
  /// `[size, size]` the matrix, and in rows the vectors so far.
  private var matrix, vectors: [Double]

  init(_ matrix: [Double], size: Int) {
    self.matrix = matrix
    self.size = size
    vectors = [Double](repeating: 0, count: size * size)
    for index in 0..<size { vectors[index * size + index] = 1 }
  }

  func value(_ index: Int) -> Double { matrix[index * size + index] }
  func vector(_ index: Int) -> [Double] { Array(vectors[index * size..<(index + 1) * size]) }

  /// Sweeps until what is off the diagonal is nothing beside it.
  mutating func run() {
    let whole = matrix.reduce(0) { $0 + $1 * $1 }
    for _ in 0..<30 {
      var off = 0.0
      for p in 0..<size { for q in p + 1..<size { off += matrix[p * size + q] * matrix[p * size + q] } }
      if off <= 1e-18 * whole { return }
      for p in 0..<size { for q in p + 1..<size { rotate(p, q) } }
    }
  }

  private mutating func rotate(_ p: Int, _ q: Int) {
    let element = matrix[p * size + q]
    if element == 0 { return }
    let slope = (value(q) - value(p)) / (2 * element)
    let tangent = (slope < 0 ? -1 : 1) / (abs(slope) + (slope * slope + 1).squareRoot())
    let cosine = 1 / (tangent * tangent + 1).squareRoot()
    let sine = tangent * cosine
    Self.turn(&matrix, p * size, q * size, 1, size, cosine, sine)
    Self.turn(&matrix, p, q, size, size, cosine, sine)
    Self.turn(&vectors, p * size, q * size, 1, size, cosine, sine)
  }

  private static func turn(
    _ numbers: inout [Double], _ first: Int, _ second: Int, _ stride: Int, _ count: Int, _ cosine: Double,
    _ sine: Double
  ) {
    for index in 0..<count {
      let (a, b) = (numbers[first + index * stride], numbers[second + index * stride])
      numbers[first + index * stride] = cosine * a - sine * b
      numbers[second + index * stride] = sine * a + cosine * b
    }
  }
}
