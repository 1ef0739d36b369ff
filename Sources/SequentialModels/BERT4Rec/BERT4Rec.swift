import Interactions
import Kernels
import NeuralNetwork

/// A trained encoder with its vocabulary: histories in, a score for every item out.
///
/// - Source: Sun et al. 2019, arXiv:1904.06690.
package struct BERT4Rec: SequentialRecommender {
  package let network: BERTNetwork
  package let parameters: ParameterVector
  package let vocabulary: ItemVocabulary
  package let workers: Workers
  package let name: String
  private let pool: WorkspacePool

  package init(
    network: BERTNetwork, parameters: ParameterVector, vocabulary: ItemVocabulary, workers: Workers,
    name: String = "BERT4Rec"
  ) {
    precondition(
      vocabulary.size == network.configuration.vocabularySize,
      "\(vocabulary.size) tokens for a table of \(network.configuration.vocabularySize)")
    self.network = network
    self.parameters = parameters
    self.vocabulary = vocabulary
    self.workers = workers
    self.name = name
    pool = WorkspacePool(network.configuration)
  }

  package var itemCount: Int { vocabulary.tokens.count }
  package var hidden: Int { network.configuration.hidden }

  /// The items' rows of the table, `[items, hidden]`: a window where they follow each other, otherwise a copy.
  package var itemTable: Matrix { itemRows(of: parameters[network.encoder.embeddings.token]) }

  /// The items' output biases as a column, `[items, 1]`.
  package var itemBias: Matrix {
    itemRows(of: parameters[network.head.itemBias].reshaped(rows: vocabulary.size, columns: 1))
  }

  private func itemRows(of table: Matrix) -> Matrix {
    if let start = vocabulary.contiguousStart { return table.rows(start..<start + itemCount) }
    let rows = Matrix(rows: itemCount, columns: table.columns)
    Rows.gather(table, vocabulary.tokens, into: rows)
    return rows
  }

  /// The vector of each history that is scored against the item table.
  ///
  /// - Shapes: `vectors` `[histories, hidden]`, overwritten. Only the tail is masked; the most recent items that fit are
  ///   read.
  package func encode(_ histories: [ArraySlice<ItemID>], into vectors: Matrix) {
    precondition(
      vectors.rows == histories.count && vectors.columns == hidden,
      "vectors \(vectors.rows)×\(vectors.columns) for \(histories.count) histories of width \(hidden)")
    let encoding = HistoryEncoding(configuration: network.configuration, vocabulary: vocabulary)
    let cuts = encoding.cuts(histories)
    workers.run(cuts.count) { index in
      let cut = cuts[index]
      var batch = MicroBatch()
      for history in histories[cut] { encoding.append(history, to: &batch) }
      pool.with(rows: batch.rows.count) { workspace in
        vectors.rows(cut).assign(
          network.forward(
            batch, parameters: parameters, mode: .inference, rowBase: 0, workspace: workspace))
      }
    }
  }

  package func score(_ histories: [ArraySlice<ItemID>], into scores: Matrix) {
    precondition(
      scores.rows == histories.count && scores.columns == itemCount,
      "scores \(scores.rows)×\(scores.columns) for \(histories.count) histories and \(itemCount) items")
    let vectors = Matrix(rows: histories.count, columns: hidden)
    encode(histories, into: vectors)
    let (table, bias) = (itemTable, itemBias.reshaped(rows: 1, columns: itemCount))
    let share = max(1, (histories.count + workers.threads - 1) / workers.threads)
    workers.run((histories.count + share - 1) / share) { part in
      let rows = part * share..<min(histories.count, (part + 1) * share)
      MatrixProduct.multiply(vectors.rows(rows), table, rightTransposed: true, into: scores.rows(rows))
      BiasSum.forward(input: scores.rows(rows), bias: bias)
    }
  }
}
