import NeuralNetwork

/// Writes one history, row by row: `[CLS]` where the model has one, the items, the `[MASK]` at the tail.
///
/// Training and scoring write histories with this one type, so that a model is asked as it was taught.
struct HistoryRows: Sendable {
  let configuration: EncoderConfiguration
  let vocabulary: ItemVocabulary
  /// Items and tail together.
  let count: Int
  /// Whether the vector is pooled from all rows, which the last block must then answer for.
  let isPooled: Bool

  private var lead: Int { configuration.leadsWithCLS ? 1 : 0 }

  private func visible(_ position: Int) -> Int {
    configuration.attention == .causal ? position + lead + 1 : count + lead
  }

  /// Writes what stands before the items.
  func begin(_ batch: inout MicroBatch) {
    if !configuration.leadsWithCLS { return }
    let token = Int32(vocabulary.specials.classification)
    let sees = configuration.attention == .causal ? 1 : count + 1
    if isPooled {
      _ = batch.appendNeeded(token: token, position: 0, visible: sees)
    } else {
      batch.rows.append(token: token, position: 0, visible: sees)
    }
  }

  /// An item, or what stands in its place.
  func append(_ token: Int32, at position: Int, to batch: inout MicroBatch) {
    if isPooled {
      _ = batch.appendNeeded(token: token, position: position + lead, visible: visible(position))
    } else {
      batch.rows.append(token: token, position: position + lead, visible: visible(position))
    }
  }

  /// A masked item, scored where it stands.
  func append(_ token: Int32, at position: Int, target: Int32, weight: Float, to batch: inout MicroBatch) {
    batch.appendAsked(
      token: token, position: position + lead, visible: visible(position), target: target, weight: weight)
  }

  /// The `[MASK]` at the tail; the vector of the history is scored against `target`.
  func appendTail(_ position: Int, target: Int32, weight: Float, to batch: inout MicroBatch) {
    if isPooled {
      append(vocabulary.mask, at: position, to: &batch)
      pool(target: target, weight: weight, &batch)
    } else {
      append(vocabulary.mask, at: position, target: target, weight: weight, to: &batch)
    }
  }

  /// Asks for the pooled vector of the rows written since the sequence began.
  private func pool(target: Int32, weight: Float, _ batch: inout MicroBatch) {
    let rows = batch.neededCount
    batch.pooled.append(PooledRows(rows - count - lead..<rows, hasCLS: configuration.leadsWithCLS))
    batch.pooledTargets.append(target)
    batch.pooledWeights.append(weight)
  }
}
