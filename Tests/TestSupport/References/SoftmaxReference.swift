extension Reference {
  /// Cross-entropy over all items as the formula says.
  package static func itemSoftmaxLoss<S: Scalar>(
    hidden: Grid<S>, table: Grid<S>, bias: Grid<S>, targets: [Int32], weights: [Float], firstItem: Int,
    labelSmoothing: Double
  ) -> S {
    var loss = S(0)
    for row in 0..<hidden.rows {
      let logits = (firstItem..<table.rows).map { item in
        (0..<hidden.columns).reduce(bias[0, item]) { $0 + hidden[row, $1] * table[item, $1] }
      }
      let logSum = S.log(logits.reduce(S(0)) { $0 + S.exp($1) })
      let aimed = logits[Int(targets[row]) - firstItem]
      let mean = logits.reduce(S(0), +) / S(Double(logits.count))
      loss = loss + S(Double(weights[row])) * (logSum - S(1 - labelSmoothing) * aimed - S(labelSmoothing) * mean)
    }
    return loss
  }
}
