import Interactions
import Kernels
import NeuralNetwork

/// The trainable model: an encoder, its parameters and its vocabulary. Histories in, a score for every item out.
///
/// Trainer, validation, model files and recommendations all take this one value: the parameters it shares with the training
/// step, forward and backward passes over batches, and the vectors of histories.
///
/// - Source: Sun et al. 2019, arXiv:1904.06690.
package struct BERT4Rec: SequentialRecommender {
  package let network: BERTNetwork
  /// Shared, not copied: a training step that updates them updates this model.
  package let parameters: ParameterVector
  package let vocabulary: ItemVocabulary
  package let workers: Workers
  package let name: String
  /// Where the rows of the item table are spread over processes, which then call all operations together; nil where they all
  /// stand in `parameters`.
  package let itemShards: ItemShards?
  let pool: WorkspacePool

  package init(
    network: BERTNetwork, parameters: ParameterVector, vocabulary: ItemVocabulary, workers: Workers,
    itemShards: ItemShards? = nil, name: String = "BERT4Rec"
  ) {
    precondition(
      vocabulary.size == network.configuration.vocabularySize,
      "\(vocabulary.size) tokens for a table of \(network.configuration.vocabularySize)")
    self.network = network
    self.parameters = parameters
    self.vocabulary = vocabulary
    self.workers = workers
    self.itemShards = itemShards
    self.name = name
    pool = WorkspacePool(network.configuration)
  }

  package var configuration: EncoderConfiguration { network.configuration }
  package var itemCount: Int { vocabulary.tokens.count }
  package var hidden: Int { configuration.hidden }

  /// The model on the same parameters, its histories read with another attention span or pooling.
  ///
  /// - Precondition: the pooling is the model's own, or `tail` or `last`, which have no parameters.
  package func reading(attention: EncoderConfiguration.AttentionSpan? = nil, pooling: Pooling? = nil) -> BERT4Rec {
    let network = network.reading(
      attention: attention ?? configuration.attention, pooling: pooling ?? configuration.pooling)
    return BERT4Rec(
      network: network, parameters: parameters, vocabulary: vocabulary, workers: workers, itemShards: itemShards,
      name: name)
  }

  /// The items' rows of the table, `[items, hidden]`: a window where they follow each other, otherwise a copy.
  package var itemTable: Matrix { itemRows(of: network.itemTable(in: parameters)) }

  /// The items' output biases as a column, `[items, 1]`.
  package var itemBias: Matrix {
    itemRows(of: network.itemBias(in: parameters).reshaped(rows: vocabulary.size, columns: 1))
  }

  private func itemRows(of table: Matrix) -> Matrix {
    if let start = vocabulary.contiguousStart { return table.rows(start..<start + itemCount) }
    let rows = Matrix(rows: itemCount, columns: table.columns)
    Rows.gather(table, vocabulary.tokens, into: rows)
    return rows
  }

  /// The summed losses of weighed batches, without gradients or dropout.
  ///
  /// - Parameter isOver: ends it early; the sums are nil then.
  package func losses(of batches: [MicroBatch], until isOver: @Sendable () -> Bool = { false }) -> LossSums? {
    let parts = workers.map(batches.count) { index -> LossSums? in
      if isOver() { return nil }
      return pool.with(rows: batches[index].rows.count) { workspace in
        network.losses(batches[index], parameters: parameters, workspace: workspace)
      }
    }
    var sums = LossSums()
    for part in parts {
      guard let part else { return nil }
      sums += part
    }
    return sums
  }
}
