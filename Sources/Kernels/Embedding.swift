/// The sum of rows of the token, position and segment tables.
///
///     output[r] = tokenTable[ids[r]] + positionTable[positions[r]] + segmentTable[segments[r]]
///
/// - Shapes: `ids`, `positions`, `segments` `[rows]`; `output` `[rows, D]`. Without `segments` every token is in segment 0;
///   without `segmentTable` the last term is left out.
/// - Source: Devlin et al. 2018, arXiv:1810.04805, figure 2.
package enum EmbeddingSum {
  /// Overwrites `output`.
  package static func forward(
    ids: [Int32], positions: [Int32], segments: [Int32]?, tokenTable: Matrix, positionTable: Matrix,
    segmentTable: Matrix?, output: Matrix
  ) {
    check(ids, positions, segments, tokenTable, positionTable, segmentTable, output)
    Processor.kernels.embedding_sum_forward(
      ids, positions, segments, tokenTable.window, positionTable.window, segmentTable.window, output.window)
  }

  /// Accumulates into the gradients of the tables.
  package static func backward(
    outputGradient: Matrix, ids: [Int32], positions: [Int32], segments: [Int32]?, tokenTableGradient: Matrix,
    positionTableGradient: Matrix, segmentTableGradient: Matrix?
  ) {
    check(
      ids, positions, segments, tokenTableGradient, positionTableGradient, segmentTableGradient, outputGradient)
    Processor.kernels.embedding_sum_backward(
      outputGradient.window, ids, positions, segments, tokenTableGradient.window, positionTableGradient.window,
      segmentTableGradient.window)
  }

  private static func check(
    _ ids: [Int32], _ positions: [Int32], _ segments: [Int32]?, _ tokens: Matrix, _ places: Matrix, _ parts: Matrix?,
    _ rows: Matrix
  ) {
    Rows.check(ids, rows: rows.rows, of: tokens)
    Rows.check(positions, rows: rows.rows, of: places)
    if let segments, let parts { Rows.check(segments, rows: rows.rows, of: parts) }
    precondition(
      tokens.columns == rows.columns && places.columns == rows.columns
        && (parts?.columns ?? rows.columns) == rows.columns,
      "embeddings \(tokens.columns), \(places.columns) and \(parts?.columns ?? 0) wide for rows of \(rows.columns)")
  }
}

/// Rows of a matrix by their indices: gathered, and added back.
package enum Rows {
  /// Overwrites: `into[i] = source[rows[i]]`.
  package static func gather(_ source: Matrix, _ rows: [Int32], into: Matrix) {
    check(rows, rows: into.rows, of: source)
    into.require(rows.count, source.columns, "gathered rows")
    Processor.kernels.rows_gather(source.window, rows, into.window)
  }

  /// Overwrites: `into[rows[i]] = source[i]`, in order; other rows stay as they are.
  package static func scatter(_ source: Matrix, _ rows: [Int32], into: Matrix) {
    check(rows, rows: source.rows, of: into)
    source.require(rows.count, into.columns, "rows to scatter")
    Processor.kernels.rows_scatter(source.window, rows, into.window)
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

  /// Checks that there are `count` indices, each of a row of `table`.
  static func check(_ indices: [Int32], rows count: Int, of table: Matrix) {
    precondition(indices.count == count, "\(indices.count) row indices for \(count) rows")
    for index in indices { precondition(index >= 0 && index < table.rows, "row \(index) of \(table.rows)") }
  }
}
