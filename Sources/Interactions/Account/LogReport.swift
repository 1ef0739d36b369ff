/// What reading a log came to: how it was understood, what became of every row, and what stands out.
package struct LogReport: Codable, Sendable, Equatable {
  package let file: String
  /// SHA-256 of the log's content, unpacked: what `sha256sum` says of the plain file.
  package let contentFingerprint: String
  package let layout: LogLayout
  /// nil where the log has no times.
  package let timeUnit: TimeUnit?
  package let rows: RowAccount
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
