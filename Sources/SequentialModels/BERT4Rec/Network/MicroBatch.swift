import NeuralNetwork

/// A few whole sequences with what they are asked: small enough that their activations stay in a core's cache.
package struct MicroBatch: Sendable {
  package var rows = PackedRows()
  /// `[targets]` which needed row answers, as an index into the needed rows.
  package var targetRows: [Int32] = []
  /// `[targets]` the token that should have been there.
  package var targets: [Int32] = []
  /// `[targets]` the weight of the target's cross-entropy.
  package var weights: [Float] = []
  /// The needed rows of each sequence whose pooled vector is scored.
  package var pooled: [PooledRows] = []
  /// `[pooled]` the token that each should name.
  package var pooledTargets: [Int32] = []
  /// `[pooled]`
  package var pooledWeights: [Float] = []
  /// `[sequences]` 0: the second segment follows the first, 1: it is from somewhere else; empty without that task.
  package var nextLabels: [Int32] = []
  /// The needed row of each `[CLS]` that is asked for `nextLabels`.
  package var firstRows: [Int32] = []
  /// The items that the targets are weighed against; nil for all.
  package var sampled: SampledTargets?

  package init() { rows.needed = [] }

  /// The rows of the encoder's output.
  package var neededCount: Int { rows.needed?.count ?? rows.count }

  /// The scored vectors: one per target, then one per pooled sequence.
  package var scoredCount: Int { targetRows.count + pooled.count }
  package var scoredTargets: [Int32] { pooled.isEmpty ? targets : targets + pooledTargets }
  package var scoredWeights: [Float] { pooled.isEmpty ? weights : weights + pooledWeights }

  /// Forgets everything and keeps the memory.
  package mutating func removeAll() {
    rows.removeAll()
    targetRows.removeAll(keepingCapacity: true)
    targets.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    pooled.removeAll(keepingCapacity: true)
    pooledTargets.removeAll(keepingCapacity: true)
    pooledWeights.removeAll(keepingCapacity: true)
    nextLabels.removeAll(keepingCapacity: true)
    firstRows.removeAll(keepingCapacity: true)
    sampled = nil
  }

  /// Appends a row that the last block must answer for, and returns its index among those rows.
  package mutating func appendNeeded(token: Int32, position: Int, segment: Int32 = 0, visible: Int) -> Int32 {
    let row = Int32(rows.count)
    rows.needed?.append(row)
    rows.append(token: token, position: position, segment: segment, visible: visible)
    return Int32(neededCount - 1)
  }

  /// Appends a row whose hidden state is scored against `target`.
  package mutating func appendAsked(
    token: Int32, position: Int, segment: Int32 = 0, visible: Int, target: Int32, weight: Float
  ) {
    let row = appendNeeded(token: token, position: position, segment: segment, visible: visible)
    targetRows.append(row)
    targets.append(target)
    weights.append(weight)
  }
}
