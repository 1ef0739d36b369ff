import NeuralNetwork
import Interactions

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

  /// The items that are read.
  func window(_ history: ArraySlice<ItemID>) -> ArraySlice<ItemID> {
    history.suffix(configuration.itemLimit - (configuration.pooling.appendsMask ? 1 : 0))
  }

  /// Consecutive histories whose rows fit together.
  func cuts(_ histories: [ArraySlice<ItemID>]) -> [Range<Int>] {
    var cuts: [Range<Int>] = []
    var start = 0
    var filled = 0
    for (index, history) in histories.enumerated() {
      let rows = window(history).count + 2
      if filled > 0 && filled + rows > Self.rowsTogether {
        cuts.append(start..<index)
        (start, filled) = (index, 0)
      }
      filled += rows
    }
    if start < histories.count { cuts.append(start..<histories.count) }
    return cuts
  }

  /// Appends one sequence with one scored vector.
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
        rows.append(token, at: position, target: vocabulary.mask, weight: 0, to: &batch)
      } else {
        rows.append(token, at: position, to: &batch)
      }
    }
    if masked { rows.appendTail(items.count, target: vocabulary.mask, weight: 0, to: &batch) }
    batch.rows.endSequence()
  }
}
