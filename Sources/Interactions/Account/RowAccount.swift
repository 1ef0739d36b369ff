/// What became of every row: rows read = used + dropped.
package struct RowAccount: Codable, Sendable, Equatable {
  /// Rows that became events.
  package private(set) var used = 0
  /// How many rows were dropped for which reason.
  package private(set) var droppedByReason: [BadRow.Reason: Int] = [:]

  package init() {}

  package var dropped: Int { droppedByReason.values.reduce(0, +) }
  package var read: Int { used + dropped }
  /// The share of the rows read that was dropped; 0 where none was read.
  package var droppedShare: Double { read == 0 ? 0 : Double(dropped) / Double(read) }

  mutating func use() { used += 1 }
  mutating func drop(_ reason: BadRow.Reason) { droppedByReason[reason, default: 0] += 1 }
}
