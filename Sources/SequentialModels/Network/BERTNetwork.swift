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
  /// Where items have features: the table that is made of them.
  package let features: FeatureTable?

  /// - Parameter features: of each token; nil where the item table is learned as it is.
  package init(_ configuration: EncoderConfiguration, features: ItemFeatures? = nil) {
    var layout = ParameterLayout()
    self.configuration = configuration
    var encoder = TransformerEncoder(&layout, configuration, prefix: "bert.")
    head = PredictionHead(&layout, configuration)
    nextSegment = configuration.nextSegmentHead ? NextSegmentHead(&layout, configuration, prefix: "bert.") : nil
    pooling = PoolingLayer(&layout, configuration)
    let (own, ownBias) = (encoder.embeddings.token, head.itemBias)
    self.features = features.map { FeatureTable(&layout, $0, own: own, ownBias: ownBias) }
    if let sum = self.features { encoder.read(sum) }
    self.encoder = encoder
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
    features = network.features
  }

  /// Parameters as BERT starts them: matrices normal with deviation 0.02, biases 0, normalizations 1 and 0.
  ///
  /// - Parameters:
  ///   - items: where the item table is spread over processes, this one's rows.
  ///   - isGiven: whether the tensor of a name is overwritten anyway and left at 0; nothing is drawn for it.
  package func initialParameters(
    seed: UInt64, deviation: Double = 0.02, items: ItemShards? = nil,
    except isGiven: (String) -> Bool = { _ in false }
  ) -> ParameterVector {
    let parameters = ParameterVector(
      startOf: layout, seed: seed, deviation: deviation, items: items, except: isGiven)
    pooling?.initialize(parameters)
    makeTable(parameters, workers: Workers(threads: 1))
    return parameters
  }

  /// The item table that inputs are looked up in and states are scored against, `[vocabulary, hidden]`.
  package func itemTable(in parameters: ParameterVector) -> Matrix { parameters[encoder.embeddings.table] }

  /// The output bias of every token, `[1, vocabulary]`.
  package func itemBias(in parameters: ParameterVector) -> Matrix { parameters[features?.bias ?? head.itemBias] }

  /// Where the gradient of the item table is summed.
  func itemTableGradient(in gradients: ParameterVector) -> Matrix { gradients[encoder.embeddings.token] }

  /// Where the gradient of the output biases is summed.
  func itemBiasGradient(in gradients: ParameterVector) -> Matrix { gradients[head.itemBias] }

  /// Makes the item table anew where it is a sum: to be called whenever the parameters have changed and before they are read.
  package func makeTable(_ parameters: ParameterVector, workers: Workers) {
    if let features { features.forward(features.draw(), parameters: parameters, workers: workers) }
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
