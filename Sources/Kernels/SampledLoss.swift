import CKernels

/// A loss over each target and sampled negatives instead of the whole catalogue.
///
/// s₊ is the target's logit, s₋ those of the negatives; a negative that is the target itself (an accidental hit) takes no part.
package enum SampledLoss: Sendable, Hashable {
  /// Cross-entropy over target and negatives after `l − logQ`; `logQ` is the logarithm of each row's sampling probability, in the
  /// order of `SampledItems.rows`. The target's logit is corrected too.
  /// - Source: Bengio & Senécal 2008; Jean et al. 2015, arXiv:1412.2007.
  case softmax(logQ: [Float])
  /// (−β · log σ(s₊) − Σ log(1 − σ(s₋))) / (1 + negatives).
  /// - Source: Petrov & Macdonald 2023, arXiv:2308.07192.
  case generalizedBinary(beta: Float)
  /// −Σ log σ(s₊ − s₋) / negatives.
  /// - Source: Rendle et al. 2009, arXiv:1205.2618 (BPR), over several negatives.
  case pairwise

  /// β = α · (t · (1 − 1/α) + 1/α), where α = negatives / (items − 1) is the share of wrong items that is sampled.
  ///
  /// t = 0 leaves plain binary cross-entropy (β = 1), t = 1 calibrates fully (β = α).
  package static func generalizedBinary(negatives: Int, items: Int, calibration t: Float) -> SampledLoss {
    precondition(negatives >= 1 && items >= 2, "\(negatives) negatives of \(items) items")
    let alpha = Float(negatives) / Float(items - 1)
    return .generalizedBinary(beta: alpha * (t * (1 - 1 / alpha) + 1 / alpha))
  }

  package typealias Result = (loss: Double, correct: Int)

  /// The weighted sum of the losses, and the gradients of the rows that occur.
  ///
  /// - Shapes: `hidden` `[targets, D]`; `table` `[items, D]`; `bias` `[1, items]`; `rowGradient` `[rows, D]`, `biasGradient`
  ///   `[rows, 1]` in the order of `items.rows`.
  /// - Writes: overwrites the three gradients and the workspace. `correct` counts targets above all of their negatives.
  /// - Complexity: targets × negatives × D, whatever the size of the table.
  package func forwardBackward(
    hidden: Matrix, table: Matrix, bias: Matrix, items: SampledItems, weights: [Float], hiddenGradient: Matrix,
    rowGradient: Matrix, biasGradient: Matrix, workspace: Matrix
  ) -> Result {
    let (count, width) = (hidden.rows, hidden.columns)
    Rows.check(items.rows, rows: items.rows.count, of: table)
    precondition(
      items.targets.count == count && weights.count == count,
      "\(items.targets.count) targets and \(weights.count) weights for \(count) rows")
    table.require(table.rows, width, "table")
    bias.requireVector(table.rows, "bias")
    hiddenGradient.require(count, width, "hidden gradient")
    rowGradient.require(items.rows.count, width, "row gradient")
    biasGradient.require(items.rows.count, 1, "bias gradient")
    let needed = Self.workspaceCount(targets: count, negatives: items.negatives.count, width: width)
    precondition(
      workspace.isContiguous && workspace.count >= needed,
      "a workspace of \(workspace.count) floats where \(needed) are required")
    for gradient in [hiddenGradient, rowGradient, biasGradient] { gradient.fill(0) }

    let logits = Candidates(
      hidden: hidden, table: table, bias: bias, items: items, workspace: workspace)
    logits.forward()
    let result = gradient(of: logits.all, items, weights)
    logits.backward(hiddenGradient: hiddenGradient, rowGradient: rowGradient, biasGradient: biasGradient)
    return (result.loss, result.correct)
  }

  /// Floats of workspace for at most `targets` targets.
  package static func workspaceCount(targets: Int, negatives: Int, width: Int) -> Int {
    targets * (1 + negatives) + negatives * (width + 1)
  }

  private func gradient(of logits: Matrix, _ items: SampledItems, _ weights: [Float]) -> cloze_loss {
    switch self {
    case .softmax(let logQ):
      precondition(logQ.count == items.rows.count, "\(logQ.count) sampling probabilities for \(items.rows.count) rows")
      return Processor.kernels.sampled_softmax(
        logits.window, items.targetPlaces, items.negativePlaces, logQ, weights)
    case .generalizedBinary(let beta):
      return Processor.kernels.sampled_binary(
        logits.window, items.targetPlaces, items.negativePlaces, beta, weights)
    case .pairwise:
      return Processor.kernels.sampled_pairwise(logits.window, items.targetPlaces, items.negativePlaces, weights)
    }
  }
}

/// The logits `[targets, 1 + negatives]`: the target's first; the negatives' are one product.
private struct Candidates {
  let hidden, table, bias: Matrix
  let items: SampledItems
  let all, ofTargets, ofNegatives, negativeRows, negativeBias: Matrix

  init(hidden: Matrix, table: Matrix, bias: Matrix, items: SampledItems, workspace: Matrix) {
    (self.hidden, self.table, self.bias, self.items) = (hidden, table, bias, items)
    let (count, negatives, width) = (hidden.rows, items.negatives.count, hidden.columns)
    let offset = workspace.offset
    all = Matrix(storage: workspace.storage, offset: offset, rows: count, columns: 1 + negatives)
    ofTargets = all.columns(0..<1)
    ofNegatives = all.columns(1..<1 + negatives)
    negativeRows = Matrix(
      storage: workspace.storage, offset: offset + all.count, rows: negatives, columns: width)
    negativeBias = Matrix(
      storage: workspace.storage, offset: offset + all.count + negatives * width, rows: 1, columns: negatives)
  }

  func forward() {
    Processor.kernels.candidate_logits_forward(
      hidden.window, table.window, bias.window, items.targets, ofTargets.window)
    Rows.gather(table, items.negatives, into: negativeRows)
    Rows.gather(
      bias.reshaped(rows: bias.count, columns: 1), items.negatives,
      into: negativeBias.reshaped(rows: negativeBias.count, columns: 1))
    MatrixProduct.multiply(hidden, negativeRows, rightTransposed: true, into: ofNegatives)
    BiasSum.forward(input: ofNegatives, bias: negativeBias)
  }

  func backward(hiddenGradient: Matrix, rowGradient: Matrix, biasGradient: Matrix) {
    Processor.kernels.candidate_logits_backward(
      ofTargets.window, hidden.window, table.window, items.targets, items.targetPlaces, hiddenGradient.window,
      rowGradient.window, biasGradient.window)
    MatrixProduct.multiply(ofNegatives, negativeRows, into: hiddenGradient, beta: 1)
    MatrixProduct.multiply(ofNegatives, hidden, leftTransposed: true, into: negativeRows)
    Rows.scatterAdd(negativeRows, items.negativePlaces, into: rowGradient)
    negativeBias.fill(0)
    BiasSum.backward(outputGradient: ofNegatives, biasGradient: negativeBias)
    Rows.scatterAdd(
      negativeBias.reshaped(rows: negativeBias.count, columns: 1), items.negativePlaces, into: biasGradient)
  }
}

/// The targets of a step, the negatives they share, and the rows of the item table that occur among them.
package struct SampledItems: Sendable, Hashable {
  /// The target of each row of hidden states.
  package let targets: [Int32]
  /// Shared by all targets.
  package let negatives: [Int32]
  /// Every item that occurs, once, ascending: the rows the optimizer updates.
  package let rows: [Int32]
  /// The index in `rows` of each target, and of each negative.
  let targetPlaces: [Int32]
  let negativePlaces: [Int32]

  package init(targets: [Int32], shared negatives: [Int32]) {
    self.targets = targets
    self.negatives = negatives
    rows = Set(targets + negatives).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(rows, Int32(0)...))
    targetPlaces = targets.map { places[$0, default: 0] }
    negativePlaces = negatives.map { places[$0, default: 0] }
  }
}
