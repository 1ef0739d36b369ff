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
    let needed = workspaceCount(targets: hidden.rows, items: table.rows - firstItem, width: hidden.columns)
    precondition(
      workspace.isContiguous && workspace.count >= needed,
      "a workspace of \(workspace.count) floats where \(needed) are required")
    let items = table.rows - firstItem
    let (most, chunks) = (cloze_target_group(hidden.rows, items), cloze_item_chunks(items))
    let kernels = Processor.kernels
    var result: Result = (0, 0)
    for first in stride(from: 0, to: hidden.rows, by: most) {
      let group = first..<min(first + most, hidden.rows)
      targets.withUnsafeBufferPointer { targets in
        weights.withUnsafeBufferPointer { weights in
          // Every thread of the pool is done before the pointers in it end.
          nonisolated(unsafe) let args = cloze_item_softmax_args(
            hidden: hidden.rows(group).window, table: table.window, bias: bias.window,
            targets: targets.baseAddress! + first, weights: weights.baseAddress! + first, first_item: firstItem,
            label_smoothing: labelSmoothing,
            hidden_gradient: (gradients?.hidden.rows(group)).window, table_gradient: (gradients?.table).window,
            bias_gradient: (gradients?.bias).window, workspace: workspace.base)
          kernels.item_softmax_start(args)
          pool.share(chunks) { kernels.item_softmax_forward(args, $0) }
          let total = kernels.item_softmax_total(args)
          result.loss += total.loss
          result.correct += total.correct
          if gradients == nil { return }
          pool.share(chunks) { kernels.item_softmax_backward(args, $0) }
          kernels.item_softmax_finish(args)
        }
      }
    }
    return result
  }
}
