/// Rows of a table, and what a linear map says of their vectors:
///
///     output[r] += vectors[r] · map        for the rows that are looked at
///
/// - Shapes: `vectors` `[rows, V]`, `map` `[V, D]`, `output` `[rows, D]`; `rows` ascending.
package enum VectorSum {
  /// Adds to the named rows of `output`.
  package static func forward(vectors: Matrix, map: Matrix, rows: ArraySlice<Int32>, output: Matrix) {
    check(vectors, map, rows, output)
    if let range = consecutive(rows) {
      MatrixProduct.multiply(vectors.rows(range), map, into: output.rows(range), beta: 1)
    } else {
      let named = Array(rows)
      let some = gathered(vectors, named)
      let sums = Matrix(rows: named.count, columns: map.columns)
      MatrixProduct.multiply(some, map, into: sums)
      Rows.scatterAdd(sums, named, into: output)
    }
  }

  /// Accumulates the gradient of `map` from the named rows of the table's.
  package static func backward(gradient: Matrix, vectors: Matrix, rows: ArraySlice<Int32>, mapGradient: Matrix) {
    check(vectors, mapGradient, rows, gradient)
    // In blocks of a fixed size, so that copies stay small.
    for start in stride(from: rows.startIndex, to: rows.endIndex, by: block) {
      let part = rows[start..<min(start + block, rows.endIndex)]
      let (some, slopes): (Matrix, Matrix)
      if let range = consecutive(part) {
        (some, slopes) = (vectors.rows(range), gradient.rows(range))
      } else {
        (some, slopes) = (gathered(vectors, Array(part)), gathered(gradient, Array(part)))
      }
      MatrixProduct.multiply(some, slopes, leftTransposed: true, into: mapGradient, beta: 1)
    }
  }

  private static let block = 4_096

  private static func gathered(_ source: Matrix, _ rows: [Int32]) -> Matrix {
    let result = Matrix(rows: rows.count, columns: source.columns)
    Rows.gather(source, rows, into: result)
    return result
  }

  /// The rows as a range, where none between them is left out.
  private static func consecutive(_ rows: ArraySlice<Int32>) -> Range<Int>? {
    guard let first = rows.first, let last = rows.last else { return 0..<0 }
    return Int(last - first) == rows.count - 1 ? Int(first)..<Int(last) + 1 : nil
  }

  private static func check(_ vectors: Matrix, _ map: Matrix, _ rows: ArraySlice<Int32>, _ table: Matrix) {
    precondition(vectors.rows == table.rows, "vectors of \(vectors.rows) rows for a table of \(table.rows)")
    map.require(vectors.columns, table.columns, "map of vectors")
    precondition(zip(rows, rows.dropFirst()).allSatisfy { $0 < $1 }, "rows in no order")
  }
}
