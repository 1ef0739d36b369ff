/// Something that hands out the events of a log batch by batch: a text file, or a table of a database.
package protocol EventReader {
  /// Where the events of all batches are checked, numbered and counted.
  var assembler: EventAssembler { get set }
  /// How the log is written.
  var layout: LogLayout { get }
  /// How much of the log has been read.
  var progress: ReadingProgress { get }
  /// SHA-256 of the log's content so far.
  var contentFingerprint: String { get }

  /// Reads on; false where the log had ended before.
  ///
  /// The events are in `assembler.events`, which the caller empties with `assembler.startBatch()`.
  mutating func readBatch() throws(LogError) -> Bool
}

/// How much of a log has been read.
package struct ReadingProgress: Sendable, Equatable {
  package let rows: Int
  /// From 0 to 1; nil where the length is not known.
  package let share: Double?

  package init(rows: Int, share: Double?) {
    self.rows = rows
    self.share = share
  }
}

extension EventReader {
  /// Reads the log to its end and sums it up; `body` sees every batch of events and of bad rows.
  ///
  /// - Throws: `LogError` where the log cannot be read or has no rows, and whatever `body` throws.
  package mutating func readAll(_ body: (EventAssembler, ReadingProgress) throws -> Void) throws -> ReadingSummary {
    while try readBatch() {
      try body(assembler, progress)
      assembler.startBatch()
    }
    guard assembler.rows.read > 0 else { throw LogError.noRows(file: assembler.file) }
    return try assembler.summary(contentFingerprint: contentFingerprint)
  }

  /// The whole log in memory, with its summary.
  ///
  /// - Throws: as `readAll`, and `LogError.tooManyBadRows`.
  package mutating func readLog(
    maximumBadShare: Double, _ follow: (ReadingProgress) throws -> Void = { _ in }
  ) throws -> (log: InteractionLog, report: ReadingSummary) {
    var events = EventBatch()
    let report = try readAll { assembler, progress in
      events.append(contentsOf: assembler.events)
      try follow(progress)
    }
    try report.require(maximumBadShare: maximumBadShare)
    let ids = assembler.identifiers
    return (InteractionLog(users: Catalog(ids.users), items: Catalog(ids.items), events: events), report)
  }
}
