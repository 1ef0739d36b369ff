import CKernels

/// One group of targets of an `ItemSoftmax`, in steps: start, forward for every chunk of items, total, backward for every chunk,
/// finish.
///
/// A process that has a part of the table runs the chunks of its items. What the others' chunks leave it overwrites, between
/// forward and total, and between backward and finish, by what they sent: then it has what one process computes.
package struct ItemSoftmaxGroup: Sendable {
  /// `hidden` may be left out in a process that does not finish.
  package typealias Gradients = (hidden: Matrix?, table: Matrix, bias: Matrix)

  private let hidden, table, bias: Matrix
  package let targets: ArraySlice<Int32>
  private let weights: ArraySlice<Float>
  private let firstItem: Int
  private let labelSmoothing: Float
  private let gradients: Gradients?
  private let workspace: Matrix

  /// - Parameters:
  ///   - gradients: that of `hidden` is overwritten, the others accumulate; nil where only the loss is wanted.
  ///   - workspace: of `ItemSoftmax.workspaceCount` floats, the group's own until it is finished.
  package init(
    hidden: Matrix, table: Matrix, bias: Matrix, targets: ArraySlice<Int32>, weights: ArraySlice<Float>,
    firstItem: Int = 0, labelSmoothing: Float = 0, gradients: Gradients?, workspace: Matrix
  ) {
    precondition(
      targets.count == hidden.rows && weights.count == hidden.rows,
      "\(targets.count) targets and \(weights.count) weights for \(hidden.rows) rows")
    let needed = ItemSoftmax.workspaceCount(
      targets: hidden.rows, items: table.rows - firstItem, width: hidden.columns)
    precondition(
      workspace.isContiguous && workspace.count >= needed,
      "a workspace of \(workspace.count) floats where \(needed) are required")
    (self.hidden, self.table, self.bias, self.targets, self.weights) = (hidden, table, bias, targets, weights)
    (self.firstItem, self.labelSmoothing, self.gradients) = (firstItem, labelSmoothing, gradients)
    self.workspace = workspace
  }

  /// The targets of each group.
  package static func groups(targets: Int, items: Int) -> [Range<Int>] {
    stride(from: 0, to: targets, by: cloze_target_group(targets, items)).map { first in
      first..<min(first + cloze_target_group(targets, items), targets)
    }
  }

  /// The items of each chunk, at most eight: a number that depends on how many items there are.
  package static func chunks(items: Int) -> [Range<Int>] {
    (0..<cloze_item_chunks(items)).map { chunk in
      let place = cloze_item_chunk_of(1, items, 1, chunk)
      return place.first_item..<place.end_item
    }
  }

  package func start() { with { Processor.kernels.item_softmax_start($0) } }
  package func forward(_ chunk: Int) { with { Processor.kernels.item_softmax_forward($0, chunk) } }
  package func backward(_ chunk: Int) { with { Processor.kernels.item_softmax_backward($0, chunk) } }
  package func finish() { with { Processor.kernels.item_softmax_finish($0) } }

  package func total() -> ItemSoftmax.Result {
    with {
      let total = Processor.kernels.item_softmax_total($0)
      return (total.loss, total.correct)
    }
  }

  /// What a chunk's forward leaves: maxima and sums, as one row.
  package func statistics(_ chunk: Int) -> Matrix {
    let place = place(chunk)
    return window(place.statistics, rows: 1, columns: 4 * place.columns)
  }

  /// `[1, targets]` the logits of the targets, each written by the chunk that has its item.
  package var targetLogits: Matrix { window(place(0).target_logits, rows: 1, columns: targets.count) }

  /// What a chunk's backward leaves of the hidden gradient, `[targets, padded width]`.
  package func hiddenGradient(_ chunk: Int) -> Matrix {
    let place = place(chunk)
    return window(place.hidden_gradient, rows: targets.count, columns: place.wide)
  }

  private func place(_ chunk: Int) -> cloze_item_chunk {
    cloze_item_chunk_of(hidden.rows, table.rows - firstItem, hidden.columns, chunk)
  }

  private func window(_ place: Int, rows: Int, columns: Int) -> Matrix {
    Matrix(storage: workspace.storage, offset: workspace.offset + place, rows: rows, columns: columns)
  }

  private func with<Result>(_ body: (cloze_item_softmax_args) -> Result) -> Result {
    targets.withUnsafeBufferPointer { targets in
      weights.withUnsafeBufferPointer { weights in
        body(
          cloze_item_softmax_args(
            hidden: hidden.window, table: table.window, bias: bias.window, targets: targets.baseAddress!,
            weights: weights.baseAddress!, first_item: firstItem, label_smoothing: labelSmoothing,
            hidden_gradient: (gradients?.hidden).window, table_gradient: (gradients?.table).window,
            bias_gradient: (gradients?.bias).window, workspace: workspace.base))
      }
    }
  }
}
