import Kernels
import NeuralNetwork

/// The layers of a BERT and where their parameters stand; it holds no numbers itself.
package struct BERTNetwork: Sendable {
  /// Names of the tensors of blocks begin so; the block's number follows.
  package static let layerPrefix = "bert.encoder.layer."
  package let configuration: EncoderConfiguration
  package let layout: ParameterLayout
  package let encoder: TransformerEncoder
  package let head: PredictionHead
  package let nextSegment: NextSegmentHead?
  package let pooling: PoolingLayer?

  package init(_ configuration: EncoderConfiguration) {
    var layout = ParameterLayout()
    self.configuration = configuration
    encoder = TransformerEncoder(&layout, configuration, prefix: "bert.")
    head = PredictionHead(&layout, configuration)
    nextSegment = configuration.nextSegmentHead ? NextSegmentHead(&layout, configuration, prefix: "bert.") : nil
    pooling = PoolingLayer(&layout, configuration)
    self.layout = layout
  }

  /// Parameters as BERT starts them: matrices normal with deviation 0.02, biases 0, normalizations 1 and 0.
  ///
  /// - Parameter isGiven: whether the tensor of a name is overwritten anyway and left at 0; nothing is drawn for it.
  package func initialParameters(
    seed: UInt64, deviation: Double = 0.02, except isGiven: (String) -> Bool = { _ in false }
  ) -> ParameterVector {
    let parameters = ParameterVector(layout)
    for (index, tensor) in layout.tensors.enumerated() where !isGiven(tensor.name) {
      let start: Initialization =
        tensor.decays ? .normal(deviation: deviation) : .constant(tensor.name.hasSuffix("LayerNorm.weight") ? 1 : 0)
      start.fill(parameters[tensor], random: CounterRandom(seed: seed, .initialization, step: UInt64(index)))
    }
    pooling?.initialize(parameters)
    return parameters
  }

  /// The vectors that are scored against the item table, one per target of `batch`, then one per pooled sequence.
  ///
  /// - Returns: a window `[targets, hidden]` on the workspace, good until the next pass.
  package func forward(
    _ batch: MicroBatch, parameters: ParameterVector, mode: Mode, rowBase: Int, workspace w: BERTWorkspace
  ) -> Matrix {
    let hidden = encoder.forward(
      batch.rows, parameters: parameters, mode: mode, rowBase: rowBase, workspace: w.encoder)
    let input = w.headInput.prefix(batch.scoredCount)
    let asked = batch.targetRows.count
    Rows.gather(hidden, batch.targetRows, into: input.prefix(asked))
    pooling?.forward(
      hidden, ranges: batch.pooled, parameters: parameters, output: input.rows(asked..<input.rows),
      workspace: w.pooling)
    if let nextSegment, !batch.nextLabels.isEmpty {
      let first = w.first.prefix(batch.firstRows.count)
      Rows.gather(hidden, batch.firstRows, into: first)
      _ = nextSegment.forward(first, parameters: parameters, activations: w.nextSegment)
    }
    if configuration.head == .direct { return input }
    return head.forward(input, parameters: parameters, activations: w.head)
  }

  /// One micro-batch there and back: accumulates `gradients` of the weighted losses.
  ///
  /// - Parameter pool: idle threads, which take over parts of the softmax over all items.
  package func forwardBackward(
    _ batch: MicroBatch, parameters: ParameterVector, gradients: ParameterVector, mode: Mode, rowBase: Int,
    nextSegmentScale: Float = 1, labelSmoothing: Float = 0, workspace w: BERTWorkspace, pool: WorkStealingPool? = nil
  ) -> LossSums {
    var sums = LossSums()
    let n = batch.scoredCount
    let asked = batch.targetRows.count
    let scored = forward(batch, parameters: parameters, mode: mode, rowBase: rowBase, workspace: w)
    let hiddenGradient = w.hiddenGradient.prefix(batch.neededCount)
    hiddenGradient.fill(0)
    if n > 0 {
      let inputGradient = w.inputGradient.prefix(n)
      let direct = configuration.head == .direct
      let scoredGradient = direct ? inputGradient : w.head.outputGradient.prefix(n)
      let result = itemLoss(
        batch, scored: scored, parameters: parameters, gradients: gradients, labelSmoothing: labelSmoothing,
        scoredGradient: scoredGradient, workspace: w, pool: pool)
      sums.items = result.loss
      sums.itemsCorrect = result.correct
      sums.itemTargets = n
      if !direct {
        head.backward(
          scoredGradient, input: w.headInput.prefix(n), parameters: parameters, gradients: gradients,
          inputGradient: inputGradient, activations: w.head)
      }
      Rows.scatterAdd(inputGradient.prefix(asked), batch.targetRows, into: hiddenGradient)
      pooling?.backward(
        inputGradient.rows(asked..<n), states: w.encoder.lastHidden(needed: batch.neededCount), ranges: batch.pooled,
        parameters: parameters, gradients: gradients, stateGradient: hiddenGradient, workspace: w.pooling)
    }
    if let nextSegment, !batch.nextLabels.isEmpty {
      let count = batch.nextLabels.count
      let firstGradient = w.firstGradient.prefix(count)
      let result = nextSegment.backward(
        labels: batch.nextLabels, scale: nextSegmentScale, first: w.first.prefix(count), parameters: parameters,
        gradients: gradients, firstGradient: firstGradient, activations: w.nextSegment)
      sums.nextSegment = result.loss
      sums.nextSegmentCorrect = result.correct
      sums.nextSegmentCount = count
      Rows.scatterAdd(firstGradient, batch.firstRows, into: hiddenGradient)
    }
    encoder.backward(
      hiddenGradient, rows: batch.rows, parameters: parameters, gradients: gradients, mode: mode, rowBase: rowBase,
      workspace: w.encoder)
    return sums
  }

  /// The losses of one micro-batch without gradients or dropout; for validation.
  package func losses(_ batch: MicroBatch, parameters: ParameterVector, workspace w: BERTWorkspace) -> LossSums {
    var sums = LossSums()
    let scored = forward(batch, parameters: parameters, mode: .inference, rowBase: 0, workspace: w)
    if batch.scoredCount > 0 {
      let softmax = ItemSoftmax.loss(
        hidden: scored, table: parameters[encoder.embeddings.token], bias: parameters[head.itemBias],
        targets: batch.scoredTargets, weights: batch.scoredWeights, firstItem: 0, labelSmoothing: 0,
        workspace: w.softmax)
      sums.items = softmax.loss
      sums.itemsCorrect = softmax.correct
      sums.itemTargets = batch.scoredCount
    }
    if nextSegment != nil, !batch.nextLabels.isEmpty {
      let result = NextSegmentHead.loss(
        labels: batch.nextLabels, logits: w.nextSegmentLogits(batch.nextLabels.count))
      sums.nextSegment = result.loss
      sums.nextSegmentCorrect = result.correct
      sums.nextSegmentCount = batch.nextLabels.count
    }
    return sums
  }
}
