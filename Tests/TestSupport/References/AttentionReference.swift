import Kernels

extension Reference {
  /// Attention as the formula says, one query at a time.
  package static func attention<S: Scalar>(
    queries: Grid<S>, keys: Grid<S>, values: Grid<S>, heads: Int, plan: AttentionPlan, dropout: Dropout, rowBase: Int
  ) -> Grid<S> {
    let width = queries.columns / heads
    var output = Grid<S>(queries.rows, queries.columns) { _, _ in S(0) }
    for sequence in 0..<plan.sequences {
      let first = Int(plan.keyOffsets[sequence])
      for query in Int(plan.queryOffsets[sequence])..<Int(plan.queryOffsets[sequence + 1]) {
        let visible = Int(plan.prefixLengths[query])
        let own = Int(plan.queryPositions[query])
        let seen = Array(0..<visible) + (own >= visible ? [own] : [])
        for head in 0..<heads {
          let columns = head * width..<(head + 1) * width
          let weights = seen.map { key in
            S.exp(
              columns.reduce(S(0)) { $0 + queries[query, $1] * keys[first + key, $1] }
                * S(1 / Double(width).squareRoot()))
          }
          let total = weights.reduce(S(0), +)
          for (key, weight) in zip(seen, weights) {
            let factor = dropoutFactor(dropout, row: (rowBase + query) * heads + head, column: key)
            let share = weight / total * S(factor)
            for column in columns {
              output[query, column] = output[query, column] + share * values[first + key, column]
            }
          }
        }
      }
    }
    return output
  }
}
