/// What reading a log came to: how it was understood, what became of every row, and what stands out.
package struct ReadingSummary: Codable, Sendable, Equatable {
  /// A kind of event and how often it stood in the sample.
  package struct Kind: Codable, Sendable, Equatable {
    package let name: String
    package let sampled: Int
  }

  package let file: String
  /// SHA-256 of the log's content, unpacked: what `sha256sum` says of the plain file.
  package let contentFingerprint: String
  package let layout: LogLayout
  /// nil where the log has no times.
  package let timeForm: TimeForm?
  /// How the times of day are written that stand beside dates; nil where there are none.
  package let clockForm: ClockForm?
  package let rows: RowStatistics
  /// The first bad rows; a store keeps all.
  package let firstBadRows: [BadRow]
  /// How many ids were missing, by the word that stood in their place.
  package let missingWords: [String: Int]
  /// The kinds of events in the sample, most frequent first; none where the log has no such column.
  package let kinds: [Kind]
  /// The filter as options of the command line; empty for none.
  package let filter: String
  package let ids: ReadingOptions.IDs
  /// How columns were chosen, where that is not obvious, in sentences.
  package let notes: [String]
  package let findings: LogFindings.Summary

  /// Refuses the log where more than this share of its rows is bad.
  ///
  /// - Throws: `LogError.tooManyBadRows`.
  package func require(maximumBadShare: Double) throws(LogError) {
    guard rows.droppedShare > maximumBadShare, let first = firstBadRows.first else { return }
    throw .tooManyBadRows(
      file: file, rows: rows, allowed: maximumBadShare, first: first, missingWords: missingWords)
  }
}

extension ReadingSummary {
  private enum OldKeys: String, CodingKey { case timeUnit }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    file = try container.decode(String.self, forKey: .file)
    contentFingerprint = try container.decode(String.self, forKey: .contentFingerprint)
    layout = try container.decode(LogLayout.self, forKey: .layout)
    // Stores of version 0.1 call it the unit and have nothing of what follows it here.
    let old = try decoder.container(keyedBy: OldKeys.self)
    timeForm =
      try container.decodeIfPresent(TimeForm.self, forKey: .timeForm)
      ?? old.decodeIfPresent(TimeForm.self, forKey: .timeUnit)
    clockForm = try container.decodeIfPresent(ClockForm.self, forKey: .clockForm)
    rows = try container.decode(RowStatistics.self, forKey: .rows)
    firstBadRows = try container.decode([BadRow].self, forKey: .firstBadRows)
    missingWords = try container.decodeIfPresent([String: Int].self, forKey: .missingWords) ?? [:]
    kinds = try container.decodeIfPresent([Kind].self, forKey: .kinds) ?? []
    filter = try container.decodeIfPresent(String.self, forKey: .filter) ?? ""
    ids = try container.decodeIfPresent(ReadingOptions.IDs.self, forKey: .ids) ?? .asWritten
    notes = try container.decodeIfPresent([String].self, forKey: .notes) ?? []
    findings = try container.decode(LogFindings.Summary.self, forKey: .findings)
  }
}

/// What became of every row: rows read = used + dropped + left out.
package struct RowStatistics: Codable, Sendable, Equatable {
  /// Rows that became events.
  package private(set) var used = 0
  /// How many rows were dropped for which reason.
  package private(set) var droppedByReason: [BadRow.Reason: Int] = [:]
  /// Rows that the filter left out.
  package private(set) var leftOut = 0

  package init() {}

  /// So many rows that became events, and no others.
  init(used: Int) { self.used = used }

  package var dropped: Int { droppedByReason.values.reduce(0, +) }
  package var read: Int { used + dropped + leftOut }
  /// The share of the rows read that was dropped, headers not counted; 0 where none was read.
  package var droppedShare: Double {
    let headers = droppedByReason[.repeatedHeader] ?? 0
    return read == headers ? 0 : Double(dropped - headers) / Double(read - headers)
  }

  /// Adds what became of other rows.
  mutating func add(_ other: RowStatistics) {
    used += other.used
    leftOut += other.leftOut
    droppedByReason.merge(other.droppedByReason, uniquingKeysWith: +)
  }

  mutating func use() { used += 1 }
  mutating func leaveOut() { leftOut += 1 }
  mutating func drop(_ reason: BadRow.Reason) { droppedByReason[reason, default: 0] += 1 }
}

extension RowStatistics {
  /// - Throws: `DecodingError` for counts that no log has, with which sums and shares could not be computed.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    used = try container.decode(Int.self, forKey: .used)
    droppedByReason = try container.decode([BadRow.Reason: Int].self, forKey: .droppedByReason)
    leftOut = try container.decodeIfPresent(Int.self, forKey: .leftOut) ?? 0
    guard ([used, leftOut] + droppedByReason.values).allSatisfy((0...1 << 53).contains) else {
      throw DecodingError.dataCorruptedError(
        forKey: .used, in: container, debugDescription: "a count of rows is below zero or beyond 2^53")
    }
  }
}
