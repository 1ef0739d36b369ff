import Kernels
import NeuralNetwork

/// Sums over the targets of a micro-batch, a step or an epoch; means are made when they are shown.
package struct LossSums: Codable, Sendable, Equatable {
  /// Weighted cross-entropy over item targets.
  package var items = 0.0
  /// Item targets whose logit was above all others.
  package var itemsCorrect = 0
  package var itemTargets = 0
  package var nextSegment = 0.0
  package var nextSegmentCorrect = 0
  package var nextSegmentCount = 0

  package init() {}

  /// The sums as integers, floating-point ones by their bits: what processes send each other.
  var numbers: [Int] {
    [
      Int(bitPattern: UInt(items.bitPattern)), itemsCorrect, itemTargets, Int(bitPattern: UInt(nextSegment.bitPattern)),
      nextSegmentCorrect, nextSegmentCount,
    ]
  }

  init(numbers: ArraySlice<Int>) {
    let n = Array(numbers)
    func float(_ bits: Int) -> Double { Double(bitPattern: UInt64(UInt(bitPattern: bits))) }
    (items, itemsCorrect, itemTargets) = (float(n[0]), n[1], n[2])
    (nextSegment, nextSegmentCorrect, nextSegmentCount) = (float(n[3]), n[4], n[5])
  }

  package static func += (a: inout LossSums, b: LossSums) {
    a.items += b.items
    a.itemsCorrect += b.itemsCorrect
    a.itemTargets += b.itemTargets
    a.nextSegment += b.nextSegment
    a.nextSegmentCorrect += b.nextSegmentCorrect
    a.nextSegmentCount += b.nextSegmentCount
  }
}

/// What turns the sums of a micro-batch into its share of a step's loss.
package struct LossScale: Sendable {
  /// The weight of each next-segment label; those of item targets stand in the batch.
  package var nextSegment: Float
  /// The share of a target's weight that is spread over all items.
  package var labelSmoothing: Float

  package init(nextSegment: Float = 1, labelSmoothing: Float = 0) {
    self.nextSegment = nextSegment
    self.labelSmoothing = labelSmoothing
  }
}

extension BERTNetwork {
  /// One micro-batch forward and backward: accumulates `gradients` of the weighted losses.
  ///
  /// - Parameters:
  ///   - rowBase: the number that the batch's first row has among all rows of the step; dropout depends on it.
  ///   - pool: idle threads, which take over parts of the softmax over all items.
  package func forwardBackward(
    _ batch: MicroBatch, parameters: ParameterVector, gradients: ParameterVector, mode: Mode, rowBase: Int,
    scale: LossScale = LossScale(), workspace w: BERTWorkspace, pool: WorkStealingPool? = nil
  ) -> LossSums {
    let scored = forward(batch, parameters: parameters, mode: mode, rowBase: rowBase, workspace: w)
    var loss: ItemSoftmax.Result = (0, 0)
    if batch.scoredCount > 0 {
      loss = itemLoss(
        batch, scored: scored, parameters: parameters, gradients: gradients, labelSmoothing: scale.labelSmoothing,
        scoredGradient: scoredGradient(batch, workspace: w), workspace: w, pool: pool)
    }
    return backward(
      batch, itemLoss: loss, parameters: parameters, gradients: gradients, mode: mode, rowBase: rowBase, scale: scale,
      workspace: w)
  }

  /// Where the gradient of a batch's scored vectors is written between its forward and its backward pass, `[scored, hidden]`.
  func scoredGradient(_ batch: MicroBatch, workspace w: BERTWorkspace) -> Matrix {
    (configuration.head == .direct ? w.inputGradient : w.head.outputGradient).prefix(batch.scoredCount)
  }

  /// What remains of a micro-batch's pass once `scoredGradient` is written, whose loss was `result`.
  ///
  /// - Parameter addsTokens: whether the gradients of input rows are added to that of the item table.
  func backward(
    _ batch: MicroBatch, itemLoss result: ItemSoftmax.Result, parameters: ParameterVector, gradients: ParameterVector,
    mode: Mode, rowBase: Int, scale: LossScale, workspace w: BERTWorkspace, addsTokens: Bool = true
  ) -> LossSums {
    var sums = LossSums()
    let n = batch.scoredCount
    let single = batch.targets.count
    let hiddenGradient = w.hiddenGradient.prefix(batch.queryCount)
    hiddenGradient.fill(0)
    if n > 0 {
      let inputGradient = w.inputGradient.prefix(n)
      sums.items = result.loss
      sums.itemsCorrect = result.correct
      sums.itemTargets = n
      if configuration.head != .direct {
        head.backward(
          scoredGradient(batch, workspace: w), input: w.headInput.prefix(n), parameters: parameters,
          gradients: gradients, inputGradient: inputGradient, activations: w.head)
      }
      Rows.scatterAdd(inputGradient.prefix(single), batch.targets.rows, into: hiddenGradient)
      pooling?.backward(
        inputGradient.rows(single..<n), states: w.encoder.lastHidden(queries: batch.queryCount), ranges: batch.pooled,
        parameters: parameters, gradients: gradients, stateGradient: hiddenGradient, workspace: w.pooling)
    }
    if let nextSegment, !batch.segmentLabels.isEmpty {
      let count = batch.segmentLabels.count
      let firstGradient = w.firstGradient.prefix(count)
      let result = nextSegment.backward(
        labels: batch.segmentLabels, scale: scale.nextSegment, first: w.first.prefix(count), parameters: parameters,
        gradients: gradients, firstGradient: firstGradient, activations: w.nextSegment)
      sums.nextSegment = result.loss
      sums.nextSegmentCorrect = result.correct
      sums.nextSegmentCount = count
      Rows.scatterAdd(firstGradient, batch.segmentRows, into: hiddenGradient)
    }
    encoder.backward(
      hiddenGradient, rows: batch.rows, parameters: parameters, gradients: gradients, mode: mode, rowBase: rowBase,
      workspace: w.encoder, addsTokens: addsTokens)
    return sums
  }

  /// The losses of one micro-batch without gradients or dropout; for validation.
  package func losses(_ batch: MicroBatch, parameters: ParameterVector, workspace w: BERTWorkspace) -> LossSums {
    var sums = LossSums()
    let scored = forward(batch, parameters: parameters, mode: .inference, rowBase: 0, workspace: w)
    if batch.scoredCount > 0 {
      let softmax = ItemSoftmax.loss(
        hidden: scored, table: itemTable(in: parameters), bias: itemBias(in: parameters),
        targets: batch.scoredTokens, weights: batch.weights, firstItem: 0, labelSmoothing: 0, workspace: w.softmax)
      sums.items = softmax.loss
      sums.itemsCorrect = softmax.correct
      sums.itemTargets = batch.scoredCount
    }
    if nextSegment != nil, !batch.segmentLabels.isEmpty {
      let result = NextSegmentHead.loss(
        labels: batch.segmentLabels, logits: w.nextSegmentLogits(batch.segmentLabels.count))
      sums.nextSegment = result.loss
      sums.nextSegmentCorrect = result.correct
      sums.nextSegmentCount = batch.segmentLabels.count
    }
    return sums
  }

  /// The loss of the scored vectors against all items, or against those that the micro-batch drew.
  ///
  /// Overwrites `scoredGradient`, accumulates into the gradients of the item table and its bias.
  package func itemLoss(
    _ batch: MicroBatch, scored: Matrix, parameters: ParameterVector, gradients: ParameterVector,
    labelSmoothing: Float, scoredGradient: Matrix, workspace w: BERTWorkspace, pool: WorkStealingPool? = nil
  ) -> (loss: Double, correct: Int) {
    let (table, bias) = (itemTable(in: parameters), itemBias(in: parameters))
    let (tableGradient, biasGradient) = (itemTableGradient(in: gradients), itemBiasGradient(in: gradients))
    guard let sampled = batch.sampled else {
      return ItemSoftmax.forwardBackward(
        hidden: scored, table: table, bias: bias, targets: batch.scoredTokens, weights: batch.weights, firstItem: 0,
        labelSmoothing: labelSmoothing, hiddenGradient: scoredGradient, tableGradient: tableGradient,
        biasGradient: biasGradient, workspace: w.softmax, pool: pool)
    }
    let rows = sampled.items.rows
    let (rowGradient, rowBiasGradient) = (w.sampledRows.prefix(rows.count), w.sampledBias.prefix(rows.count))
    let result = sampled.loss.forwardBackward(
      hidden: scored, table: table, bias: bias, items: sampled.items, weights: batch.weights,
      hiddenGradient: scoredGradient, rowGradient: rowGradient, biasGradient: rowBiasGradient, workspace: w.softmax)
    Rows.scatterAdd(rowGradient, rows, into: tableGradient)
    Rows.scatterAdd(rowBiasGradient, rows, into: biasGradient.reshaped(rows: biasGradient.count, columns: 1))
    return result
  }
}
