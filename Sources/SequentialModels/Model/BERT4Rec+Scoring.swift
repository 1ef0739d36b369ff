import Interactions
import Kernels
import NeuralNetwork

extension BERT4Rec {
  /// The vector of each history that is scored against the item table.
  ///
  /// - Shapes: `vectors` `[histories, hidden]`, overwritten. Only the tail is masked; the most recent items that fit are
  ///   read.
  package func encode(_ histories: [ArraySlice<ItemID>], into vectors: Matrix) {
    precondition(
      vectors.rows == histories.count && vectors.columns == hidden,
      "vectors \(vectors.rows)×\(vectors.columns) for \(histories.count) histories of width \(hidden)")
    let encoding = HistoryEncoding(configuration: configuration, vocabulary: vocabulary)
    let cuts = encoding.cuts(histories, for: workers.threads)
    workers.run(cuts.count) { index in
      let cut = cuts[index]
      var batch = MicroBatch()
      for history in histories[cut] { encoding.append(history, to: &batch) }
      pool.with(rows: batch.rows.count) { workspace in
        vectors.rows(cut).assign(
          network.forward(batch, parameters: parameters, mode: .inference, rowBase: 0, workspace: workspace))
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

/// How a history is written for scoring: its most recent items, then a `[MASK]` where the pooling reads one.
package struct HistoryEncoding: Sendable {
  let configuration: EncoderConfiguration
  let vocabulary: ItemVocabulary

  package init(configuration: EncoderConfiguration, vocabulary: ItemVocabulary) {
    self.configuration = configuration
    self.vocabulary = vocabulary
  }

  /// Rows up to which histories are encoded together.
  static let rowsTogether = 1_024
  /// Rows up to which they are not divided among threads.
  static let rowsAlone = 64

  /// The items that are read.
  func window(_ history: ArraySlice<ItemID>) -> ArraySlice<ItemID> {
    history.suffix(configuration.itemLimit - (configuration.pooling.appendsMask ? 1 : 0))
  }

  /// Consecutive histories whose rows fit together; a few are shared out among the threads.
  func cuts(_ histories: [ArraySlice<ItemID>], for threads: Int) -> [Range<Int>] {
    let share = histories.reduce(threads - 1) { $0 + window($1).count + 2 } / threads
    let most = min(Self.rowsTogether, max(Self.rowsAlone, share))
    var cuts: [Range<Int>] = []
    var start = 0
    var filled = 0
    for (index, history) in histories.enumerated() {
      let rows = window(history).count + 2
      if filled > 0 && filled + rows > most {
        cuts.append(start..<index)
        (start, filled) = (index, 0)
      }
      filled += rows
    }
    if start < histories.count { cuts.append(start..<histories.count) }
    return cuts
  }

  /// Appends one sequence with one scored vector; what it is to be scored against is not said, so the target is `[MASK]`.
  package func append(_ history: ArraySlice<ItemID>, to batch: inout MicroBatch) {
    let items = window(history)
    let masked = configuration.pooling.appendsMask || items.isEmpty
    let rows = HistoryRows(
      configuration: configuration, vocabulary: vocabulary, count: items.count + (masked ? 1 : 0),
      isPooled: !configuration.pooling.isOneRow)
    rows.begin(&batch)
    for (position, item) in items.enumerated() {
      let token = vocabulary.token(item)
      if !masked && position == items.count - 1 {
        rows.append(token, at: position, target: vocabulary.mask, of: .tail, to: &batch)
      } else {
        rows.append(token, at: position, to: &batch)
      }
    }
    if masked { rows.appendTail(items.count, target: vocabulary.mask, to: &batch) }
    batch.rows.endSequence()
  }
}
