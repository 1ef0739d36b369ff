import NeuralNetwork

/// Factors on a stage's learning rate by what the parameters belong to; 0 keeps a group as it is, byte for byte.
package struct GroupRates: Codable, Sendable, Equatable {
  /// The tables of items, positions and segments and their normalization, and what items' features say, but for new rows.
  package var embeddings: Double
  /// The encoder's blocks.
  package var blocks: Double
  /// What stands on the encoder: the masked-item head with its output bias, the next-segment head, the pooling.
  package var heads: Double
  /// Rows of items and positions that a pretrained model lacked, and the output biases of those items.
  package var newRows: Double

  package init(embeddings: Double = 1, blocks: Double = 1, heads: Double = 1, newRows: Double = 1) {
    self.embeddings = embeddings
    self.blocks = blocks
    self.heads = heads
    self.newRows = newRows
  }

  /// The factors for a network whose tables end with rows that the pretrained model lacked.
  ///
  /// - Parameter pooling: what is trained; a pooling of the network that is another keeps its parameters.
  package func factors(
    for network: BERTNetwork, pooling: Pooling? = nil, newItems: Int = 0, newPositions: Int = 0
  ) -> LearningRateFactors {
    var factors = LearningRateFactors()
    let readsPooling = pooling == nil || pooling == network.configuration.pooling
    for tensor in network.layout.tensors {
      let factor =
        if tensor.name.hasPrefix(PoolingLayer.tensorPrefix) && !readsPooling {
          0.0
        } else if tensor.name.hasPrefix(FeatureTable.mapPrefix) {
          embeddings * (network.features?.features.vectorRate ?? 1)
        } else if tensor.name.hasPrefix(FeatureTable.tensorPrefix) {
          embeddings * (network.features?.features.rate ?? 1)
        } else {
          common(tensor)
        }
      if factor != 1 { factors.set(Float(factor), of: tensor) }
    }
    let (tables, bias) = (network.encoder.embeddings, network.head.itemBias)
    setNewRows([(tables.token, newItems), (bias, newItems), (tables.position, newPositions)], &factors)
    return factors
  }

  /// The factors for a network that labels sequences.
  package func factors(
    for network: ClassifierNetwork, newItems: Int = 0, newPositions: Int = 0
  ) -> LearningRateFactors {
    var factors = LearningRateFactors()
    for tensor in network.layout.tensors where common(tensor) != 1 { factors.set(Float(common(tensor)), of: tensor) }
    let tables = network.encoder.embeddings
    setNewRows([(tables.token, newItems), (tables.position, newPositions)], &factors)
    return factors
  }

  /// The factor of a tensor that every BERT has.
  private func common(_ tensor: ParameterTensor) -> Double {
    if tensor.name.hasPrefix("bert.embeddings.") { return embeddings }
    return tensor.name.hasPrefix(BERTNetwork.layerPrefix) ? blocks : heads
  }

  private func setNewRows(_ tables: [(ParameterTensor, Int)], _ factors: inout LearningRateFactors) {
    for (tensor, new) in tables where new > 0 { factors.set(Float(newRows), of: tensor, from: tensor.shape[0] - new) }
  }
}
