/// What reading a log came to: how it was understood, what became of every row, and what stands out.
package struct ReadingSummary: Codable, Sendable, Equatable {
  package let file: String
  /// SHA-256 of the log's content, unpacked: what `sha256sum` says of the plain file.
  package let contentFingerprint: String
  package let layout: LogLayout
  /// nil where the log has no times.
  package let timeUnit: TimeUnit?
  package let rows: RowStatistics
  /// The first bad rows; a store keeps all.
  package let firstBadRows: [BadRow]
  package let findings: LogFindings.Summary

  /// Refuses the log where more than this share of its rows is bad.
  ///
  /// - Throws: `LogError.tooManyBadRows`.
  package func require(maximumBadShare: Double) throws(LogError) {
    guard rows.droppedShare > maximumBadShare, let first = firstBadRows.first else { return }
    throw .tooManyBadRows(file: file, rows: rows, allowed: maximumBadShare, first: first)
  }
}

/// What became of every row: rows read = used + dropped.
package struct RowStatistics: Codable, Sendable, Equatable {
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
