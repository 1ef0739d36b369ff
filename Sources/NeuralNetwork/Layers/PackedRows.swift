import Kernels

/// The rows of a micro-batch: whole sequences one after another, without padding, and what each row attends to.
package struct PackedRows: Sendable {
  package var tokens: [Int32] = []
  package var positions: [Int32] = []
  package var segments: [Int32] = []
  /// `[sequences + 1]` first rows.
  package var offsets: [Int32] = [0]
  /// `[rows]` how many leading rows of its sequence a row attends to, besides itself.
  package var prefixLengths: [Int32] = []
  /// `[rows]` the row's number within its sequence, what stands before it included.
  package var queryPositions: [Int32] = []
  /// Rows whose last hidden state is read, ascending: the queries of the last block; nil for all.
  package var queryRows: [Int32]?
  /// What stands before each sequence and was computed earlier; nil where every sequence is whole.
  package private(set) var past: PastRows?

  package init() {}

  /// Rows of sequences that go on behind rows of `store`; only for passes without gradients.
  package init(after store: KeysAndValues) { past = PastRows(store) }

  package var count: Int { tokens.count }

  /// Forgets the rows and keeps the memory.
  package mutating func removeAll() {
    tokens.removeAll(keepingCapacity: true)
    positions.removeAll(keepingCapacity: true)
    segments.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    offsets.append(0)
    prefixLengths.removeAll(keepingCapacity: true)
    queryPositions.removeAll(keepingCapacity: true)
    queryRows?.removeAll(keepingCapacity: true)
    past = nil
  }

  /// Lets the sequence that begins now go on behind `rows` of the store.
  package mutating func goOn(behind rows: some Collection<Int32>) { past?.append(rows) }

  /// Appends one row to the sequence being written; `endSequence()` closes it.
  package mutating func append(token: Int32, position: Int, segment: Int32 = 0, prefixLength: Int) {
    queryPositions.append((past?.open ?? 0) + Int32(tokens.count) - offsets[offsets.count - 1])
    tokens.append(token)
    positions.append(Int32(position))
    segments.append(segment)
    prefixLengths.append(Int32(prefixLength))
  }

  package mutating func endSequence() {
    offsets.append(Int32(tokens.count))
    past?.endSequence()
  }

  /// The attention plan in which every row is a query.
  var plan: AttentionPlan {
    AttentionPlan(
      keyOffsets: offsets, queryOffsets: offsets, prefixLengths: prefixLengths, queryPositions: queryPositions)
  }

  /// The attention plan in which only `rows` are queries.
  func plan(queries rows: [Int32]) -> AttentionPlan {
    var queryOffsets: [Int32] = [0]
    queryOffsets.reserveCapacity(offsets.count)
    var next = 0
    for sequence in 1..<offsets.count {
      while next < rows.count && rows[next] < offsets[sequence] { next += 1 }
      queryOffsets.append(Int32(next))
    }
    return AttentionPlan(
      keyOffsets: offsets, queryOffsets: queryOffsets, prefixLengths: rows.map { prefixLengths[Int($0)] },
      queryPositions: rows.map { queryPositions[Int($0)] })
  }
}
