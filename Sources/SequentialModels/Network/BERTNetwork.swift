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

  /// The same layers on the same parameters, histories read with another attention span or from one row only.
  ///
  /// - Precondition: the pooling is the network's own, or reads one row.
  package func reading(attention: EncoderConfiguration.AttentionSpan, pooling: Pooling) -> BERTNetwork {
    precondition(pooling == configuration.pooling || pooling.isOneRow, "\(pooling) has other parameters")
    return BERTNetwork(self, attention: attention, pooling: pooling)
  }

  private init(_ network: BERTNetwork, attention: EncoderConfiguration.AttentionSpan, pooling: Pooling) {
    var configuration = network.configuration
    configuration.attention = attention
    configuration.pooling = pooling
    self.configuration = configuration
    (layout, encoder, head, nextSegment) = (network.layout, network.encoder, network.head, network.nextSegment)
    self.pooling = pooling.isOneRow ? nil : network.pooling
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

  /// The item table that inputs are looked up in and states are scored against, `[vocabulary, hidden]`: of parameters, or
  /// its gradient.
  package func itemTable(in vector: ParameterVector) -> Matrix { vector[encoder.embeddings.token] }

  /// The output bias of every token, `[1, vocabulary]`: of parameters, or its gradient.
  package func itemBias(in vector: ParameterVector) -> Matrix { vector[head.itemBias] }

  /// The vectors that are scored against the item table, one per target of `batch`, then one per pooled sequence.
  ///
  /// - Returns: a window `[targets, hidden]` on the workspace, good until the next pass.
  package func forward(
    _ batch: MicroBatch, parameters: ParameterVector, mode: Mode, rowBase: Int, workspace w: BERTWorkspace
  ) -> Matrix {
    let hidden = encoder.forward(
      batch.rows, parameters: parameters, mode: mode, rowBase: rowBase, workspace: w.encoder)
    let input = w.headInput.prefix(batch.scoredCount)
    let single = batch.targets.count
    Rows.gather(hidden, batch.targets.rows, into: input.prefix(single))
    pooling?.forward(
      hidden, ranges: batch.pooled, parameters: parameters, output: input.rows(single..<input.rows),
      workspace: w.pooling)
    if let nextSegment, !batch.segmentLabels.isEmpty {
      let first = w.first.prefix(batch.segmentRows.count)
      Rows.gather(hidden, batch.segmentRows, into: first)
      _ = nextSegment.forward(first, parameters: parameters, activations: w.nextSegment)
    }
    if configuration.head == .direct { return input }
    return head.forward(input, parameters: parameters, activations: w.head)
  }
}
