import NeuralNetwork

/// Writes one history, row by row: `[CLS]` where the model has one, the items, the `[MASK]` at the tail.
///
/// Training and scoring write histories with this one type, so that a model scores what it was trained on.
struct HistoryRows: Sendable {
  let configuration: EncoderConfiguration
  let vocabulary: ItemVocabulary
  /// Items and tail together.
  let count: Int
  /// Whether the vector is pooled from several rows, which are then all queries of the last block.
  let isPooled: Bool

  private var lead: Int { configuration.leadsWithCLS ? 1 : 0 }

  /// How many rows at the end of the sequence are pooled.
  private var pooledCount: Int { min(configuration.pooling.reach ?? .max, count + lead) }

  /// Whether the row is pooled that is at `row` of the sequence.
  private func isPooled(_ row: Int) -> Bool { isPooled && row >= count + lead - pooledCount }

  private func prefixLength(_ position: Int) -> Int {
    configuration.attention == .causal ? position + lead + 1 : count + lead
  }

  /// Writes what stands before the items.
  func begin(_ batch: inout MicroBatch) {
    if !configuration.leadsWithCLS { return }
    let token = Int32(vocabulary.specials.classification)
    let prefixLength = configuration.attention == .causal ? 1 : count + 1
    if isPooled(0) {
      _ = batch.appendQuery(token: token, position: 0, prefixLength: prefixLength)
    } else {
      batch.rows.append(token: token, position: 0, prefixLength: prefixLength)
    }
  }

  /// An item, or what stands in its place.
  func append(_ token: Int32, at position: Int, to batch: inout MicroBatch) {
    if isPooled(position + lead) {
      _ = batch.appendQuery(token: token, position: position + lead, prefixLength: prefixLength(position))
    } else {
      batch.rows.append(token: token, position: position + lead, prefixLength: prefixLength(position))
    }
  }

  /// An item, or what stands in its place, whose own state is scored against `target`.
  func append(_ token: Int32, at position: Int, target: Int32, of objective: ObjectiveKind, to batch: inout MicroBatch)
  {
    batch.appendTarget(
      target, of: objective, token: token, position: position + lead, prefixLength: prefixLength(position))
  }

  /// The `[MASK]` at the tail; the vector of the history is scored against `target`.
  func appendTail(_ position: Int, target: Int32, to batch: inout MicroBatch) {
    if isPooled {
      append(vocabulary.mask, at: position, to: &batch)
      let hasCLS = configuration.leadsWithCLS && pooledCount == count + lead
      batch.appendPooledTarget(target, of: .tail, rows: pooledCount, hasCLS: hasCLS)
    } else {
      append(vocabulary.mask, at: position, target: target, of: .tail, to: &batch)
    }
  }
}
