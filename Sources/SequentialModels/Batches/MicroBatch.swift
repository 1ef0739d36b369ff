import NeuralNetwork

/// What one scored vector should name.
package struct Target: Sendable, Equatable {
  /// The token that should be there.
  package var token: Int32
  /// Which query row's state, or which pooled sequence's vector, is scored.
  package var row: Int32
  /// What the target belongs to; the training step makes its weight from that.
  package var objective: ObjectiveKind

  package init(token: Int32, row: Int32, objective: ObjectiveKind) {
    self.token = token
    self.row = row
    self.objective = objective
  }
}

/// Targets in the order they were appended, each field where kernels read it: in an array of its own.
package struct Targets: RandomAccessCollection, Sendable {
  package private(set) var tokens: [Int32] = []
  package private(set) var rows: [Int32] = []
  package private(set) var objectives: [ObjectiveKind] = []

  package init() {}

  package var startIndex: Int { 0 }
  package var endIndex: Int { tokens.count }
  package subscript(index: Int) -> Target {
    Target(token: tokens[index], row: rows[index], objective: objectives[index])
  }

  package mutating func append(_ target: Target) {
    tokens.append(target.token)
    rows.append(target.row)
    objectives.append(target.objective)
  }

  /// Forgets the targets and keeps the memory.
  package mutating func removeAll() {
    tokens.removeAll(keepingCapacity: true)
    rows.removeAll(keepingCapacity: true)
    objectives.removeAll(keepingCapacity: true)
  }
}

/// A few whole sequences with their targets: small enough that their activations stay in a core's cache.
package struct MicroBatch: Sendable {
  package var rows = PackedRows()
  /// Targets of single rows; `row` counts among the query rows.
  package var targets = Targets()
  /// The query rows of each sequence whose pooled vector is scored.
  package var pooled: [PooledRows] = []
  /// Targets of pooled vectors; `row` counts among `pooled`.
  package var pooledTargets = Targets()
  /// `[scored]` the weight of each target's cross-entropy, single rows first; empty until `weigh` is called.
  package private(set) var weights: [Float] = []
  /// `[pairs]` 0: the second segment follows the first, 1: it is from another history; empty without that objective.
  package var segmentLabels: [Int32] = []
  /// `[pairs]` which query row is the pair's `[CLS]`.
  package var segmentRows: [Int32] = []
  /// The items that targets are weighed against; nil for all.
  package var sampled: SampledTargets?

  package init() { rows.queryRows = [] }

  /// A batch whose sequences go on behind rows of `store`; nil where all are whole.
  package init(after store: KeysAndValues?) {
    if let store { rows = PackedRows(after: store) }
    rows.queryRows = []
  }

  /// The rows of the encoder's output.
  package var queryCount: Int { rows.queryRows?.count ?? rows.count }

  /// The scored vectors: one per target of a single row, then one per pooled sequence.
  package var scoredCount: Int { targets.count + pooledTargets.count }
  package var scoredTokens: [Int32] {
    pooledTargets.isEmpty ? targets.tokens : targets.tokens + pooledTargets.tokens
  }

  /// Gives every target the weight of its objective.
  package mutating func weigh(_ weight: (ObjectiveKind) -> Float) {
    weights.removeAll(keepingCapacity: true)
    for objective in targets.objectives { weights.append(weight(objective)) }
    for objective in pooledTargets.objectives { weights.append(weight(objective)) }
  }

  /// Forgets everything and keeps the memory.
  package mutating func removeAll() {
    rows.removeAll()
    targets.removeAll()
    pooled.removeAll(keepingCapacity: true)
    pooledTargets.removeAll()
    weights.removeAll(keepingCapacity: true)
    segmentLabels.removeAll(keepingCapacity: true)
    segmentRows.removeAll(keepingCapacity: true)
    sampled = nil
  }

  /// Appends a row whose state the last block computes, and returns its index among those rows.
  package mutating func appendQuery(token: Int32, position: Int, segment: Int32 = 0, prefixLength: Int) -> Int32 {
    let row = Int32(rows.count)
    rows.queryRows?.append(row)
    rows.append(token: token, position: position, segment: segment, prefixLength: prefixLength)
    return Int32(queryCount - 1)
  }

  /// Appends a row whose state is scored against `target`.
  package mutating func appendTarget(
    _ target: Int32, of objective: ObjectiveKind, token: Int32, position: Int, segment: Int32 = 0, prefixLength: Int
  ) {
    let row = appendQuery(token: token, position: position, segment: segment, prefixLength: prefixLength)
    targets.append(Target(token: target, row: row, objective: objective))
  }

  /// Scores the pooled vector of the last `count` query rows against `target`.
  package mutating func appendPooledTarget(_ target: Int32, of objective: ObjectiveKind, rows count: Int, hasCLS: Bool)
  {
    appendPooledTarget(target, of: objective, PooledRows(queryCount - count..<queryCount, hasCLS: hasCLS))
  }

  /// Scores the vector pooled from `rows` against `target`.
  package mutating func appendPooledTarget(_ target: Int32, of objective: ObjectiveKind, _ rows: PooledRows) {
    pooledTargets.append(Target(token: target, row: Int32(pooled.count), objective: objective))
    pooled.append(rows)
  }
}
