import CKernels

/// Softmax cross-entropy over the whole item table, fused and tiled: memory does not grow with targets × items.
///
///     l = h_r · Wᵀ + b        loss = Σ_r weights[r] · (log Σ_v e^l[v] − (1 − ε) · l[t_r] − ε · mean l)
///
/// ε is the label smoothing. `correct` counts targets whose logit is greater than every other; ties count against them.
/// - Shapes: `hidden` `[targets, D]`; `table` `[items, D]`; `bias` `[1, items]`; `targets`, `weights` `[targets]`.
/// - Complexity: three products of targets × items × D; a fourth where the exponentials of all items do not fit 16 MB.
/// - Source: Milakov & Gimelshein 2018, arXiv:1805.02867 (running maximum and sum).
package enum ItemSoftmax {
  package typealias Result = (loss: Double, correct: Int)

  /// Overwrites `hiddenGradient` and the workspace, accumulates into the gradients of table and bias.
  ///
  /// Rows of the table below `firstItem` (special tokens) take no part.
  /// - Parameter pool: lets idle threads take over chunks of the items; the result is the same without it.
  package static func forwardBackward(
    hidden: Matrix, table: Matrix, bias: Matrix, targets: [Int32], weights: [Float], firstItem: Int = 0,
    labelSmoothing: Float = 0, hiddenGradient: Matrix, tableGradient: Matrix, biasGradient: Matrix, workspace: Matrix,
    pool: WorkStealingPool? = nil
  ) -> Result {
    hiddenGradient.require(hidden.rows, hidden.columns, "hidden gradient")
    tableGradient.require(table.rows, table.columns, "table gradient")
    biasGradient.requireVector(table.rows, "bias gradient")
    return run(
      hidden, table, bias, targets, weights, firstItem, labelSmoothing, (hiddenGradient, tableGradient, biasGradient),
      workspace, pool)
  }

  /// The same without gradients; overwrites the workspace.
  package static func loss(
    hidden: Matrix, table: Matrix, bias: Matrix, targets: [Int32], weights: [Float], firstItem: Int = 0,
    labelSmoothing: Float = 0, workspace: Matrix
  ) -> Result {
    run(hidden, table, bias, targets, weights, firstItem, labelSmoothing, nil, workspace, nil)
  }

  /// Floats of workspace for at most `targets` targets: 20 MB at most, and a vector per tile of items.
  package static func workspaceCount(targets: Int, items: Int, width: Int) -> Int {
    cloze_item_softmax_workspace(targets, items, width)
  }

  private static func run(
    _ hidden: Matrix, _ table: Matrix, _ bias: Matrix, _ targets: [Int32], _ weights: [Float], _ firstItem: Int,
    _ labelSmoothing: Float, _ gradients: (hidden: Matrix, table: Matrix, bias: Matrix)?, _ workspace: Matrix,
    _ pool: WorkStealingPool?
  ) -> Result {
    precondition(
      targets.count == hidden.rows && weights.count == hidden.rows,
      "\(targets.count) targets and \(weights.count) weights for \(hidden.rows) rows")
    precondition(firstItem >= 0 && firstItem < table.rows, "first item \(firstItem) of \(table.rows)")
    table.require(table.rows, hidden.columns, "table")
    bias.requireVector(table.rows, "bias")
    for target in targets {
      precondition(target >= firstItem && target < table.rows, "target \(target) outside \(firstItem)..<\(table.rows)")
    }
    let items = table.rows - firstItem
    let chunks = ItemSoftmaxGroup.chunks(items: items).count
    var result: Result = (0, 0)
    for rows in ItemSoftmaxGroup.groups(targets: hidden.rows, items: items) {
      let group = ItemSoftmaxGroup(
        hidden: hidden.rows(rows), table: table, bias: bias, targets: targets[rows], weights: weights[rows],
        firstItem: firstItem, labelSmoothing: labelSmoothing,
        gradients: gradients.map { ($0.hidden.rows(rows), $0.table, $0.bias) }, workspace: workspace)
      group.start()
      pool.share(chunks) { group.forward($0) }
      let total = group.total()
      result.loss += total.loss
      result.correct += total.correct
      if gradients == nil { continue }
      pool.share(chunks) { group.backward($0) }
      group.finish()
    }
    return result
  }
}
