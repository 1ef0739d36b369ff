/// Rows picked out of a matrix, and added back.
package enum Rows {
  /// Overwrites: `into[i] = source[rows[i]]`.
  package static func gather(_ source: Matrix, _ rows: [Int32], into: Matrix) {
    check(rows, rows: into.rows, of: source)
    into.require(rows.count, source.columns, "gathered rows")
    Processor.kernels.rows_gather(source.window, rows, into.window)
  }

  /// Accumulates: `into[rows[i]] += source[i]`, in order.
  package static func scatterAdd(_ source: Matrix, _ rows: [Int32], into: Matrix) {
    check(rows, rows: source.rows, of: into)
    source.require(rows.count, into.columns, "rows to scatter")
    Processor.kernels.rows_scatter_add(source.window, rows, into.window)
  }

  /// Accumulates: `b += a`.
  package static func add(_ a: Matrix, into b: Matrix) {
    b.require(a.rows, a.columns, "sum")
    Processor.kernels.rows_add(a.window, b.window)
  }

  /// Every one of `count` indices must name a row of `table`.
  static func check(_ indices: [Int32], rows count: Int, of table: Matrix) {
    precondition(indices.count == count, "\(indices.count) row numbers for \(count) rows")
    for index in indices { precondition(index >= 0 && index < table.rows, "row \(index) of \(table.rows)") }
  }
}
