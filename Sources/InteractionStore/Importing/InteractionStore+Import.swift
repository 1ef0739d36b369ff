import Foundation
import GRDB
import Interactions

extension InteractionStore {
  /// Appends the log at `path` to the store at `url`, which is made where there is none.
  ///
  /// A store that was made for a log that cannot be imported is taken away again.
  /// - Throws: as `open` and the other `importLog`.
  package static func importLog(
    _ path: String, into url: URL, options: ReadingOptions = .init(), threads: Int? = nil,
    _ follow: (ReadingProgress) throws -> Void = { _ in }
  ) throws -> ImportReceipt {
    while true {
      let isNew = !FileManager.default.fileExists(atPath: url.path)
      do {
        let store = try open(url, creating: true)
        do {
          return try store.importLog(path, options: options, threads: threads, follow)
        } catch {
          if isNew { store.removeIfEmpty() }
          throw error
        }
      } catch StoreError.moved {
        // Another import into the new store failed before this one began, and took it away.
      }
    }
  }

  /// Appends the log at `path` (a file, `-`, or an SQLite table) in one transaction.
  ///
  /// - Parameters:
  ///   - threads: how many parse a text log; nil for as many as there are processors. The store does not depend on it.
  ///   - follow: called after every batch; what it throws ends the import and leaves the store as it was.
  /// - Throws: `LogError` where the log cannot be read or has too many bad rows; `StoreError` where the same content is in
  ///   the store already, its columns differ from the store's, or the store cannot be written.
  package func importLog(
    _ path: String, options: ReadingOptions = .init(), threads: Int? = nil,
    _ follow: (ReadingProgress) throws -> Void = { _ in }
  ) throws -> ImportReceipt {
    try write(isBulk: true) { db in try append(path, options: options, threads: threads, to: db, follow) }
  }

  private func append(
    _ path: String, options: ReadingOptions, threads: Int?, to db: Database, _ follow: (ReadingProgress) throws -> Void
  ) throws -> ImportReceipt {
    let before = try EventTable.last(db)
    let number = (try Int.fetchOne(db, sql: "SELECT COALESCE(MAX(id), 0) FROM imports") ?? 0) + 1
    let known = try IdentifierTables.fetch(db)
    let stored = before > 0 ? try EventTable.columnsInUse(db) : nil
    var checksum = StoreChecksum()
    let log = ReadAhead(path, options: options, identifiers: known, threads: threads) { layout, file in
      if let stored { try Self.requireColumns(layout, like: stored, file: file) }
    }
    let (report, identifiers) = try log.takeAll { batch in
      try EventTable.append(batch.events, to: db)
      checksum.add(batch.events, 0..<batch.events.count)
      try Self.quarantine(batch.badRows, of: batch.file, import: number, in: db)
      try follow(batch.progress)
    }
    try refuseRepeated(report, in: db)
    try report.require(maximumBadShare: options.maximumBadShare)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try db.execute(
      sql: """
        INSERT INTO imports (id, file, fingerprint, imported_at, first_event, events, report) VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        number, report.file, report.contentFingerprint, Date.now.ISO8601Format(), before + 1, checksum.rows,
        String(decoding: try encoder.encode(report), as: UTF8.self),
      ])
    try checksum.write("events", import: number, to: db)
    for name in IdentifierTables.Name.allCases {
      let table = identifiers[keyPath: name.keyPath]
      try IdentifierTables.append(table, from: known[keyPath: name.keyPath].count, to: name, in: db)
      try StoreChecksum(table).write(name.rawValue, import: number, to: db)
    }
    let events = try Int.fetchOne(db, sql: "SELECT SUM(events) FROM imports") ?? 0
    return ImportReceipt(
      number: number, store: url.path, storeEvents: events, storeUsers: identifiers.users.count,
      storeItems: identifiers.items.count, report: report)
  }

  /// Refuses a log with times for a store without them, and the other way round; so with groups.
  private static func requireColumns(_ layout: LogLayout, like stored: [EventColumn], file: String) throws(StoreError) {
    for (role, column) in [(ColumnRole.time, EventColumn.time), (.group, .group)] {
      let isStored = stored.contains(column)
      let isInFile = layout.columns[role] != nil
      if isInFile != isStored {
        throw StoreError.differentColumns(file: file, column: role.rawValue, isInFile: isInFile)
      }
    }
  }

  private func refuseRepeated(_ report: ReadingSummary, in db: Database) throws {
    let earlier = try Row.fetchOne(
      db, sql: "SELECT file, imported_at FROM imports NOT INDEXED WHERE fingerprint = ?",
      arguments: [report.contentFingerprint])
    if let earlier {
      throw StoreError.alreadyImported(
        file: report.file, earlier: try earlier.value(0, "file of an import"),
        time: try earlier.value(1, "time of an import"))
    }
  }

  private static func quarantine(_ rows: [BadRow], of log: String, import number: Int, in db: Database) throws {
    let statement = try db.cachedStatement(
      sql: #"INSERT INTO quarantine (import, line, "column", reason, text, file) VALUES (?, ?, ?, ?, ?, ?)"#)
    for row in rows {
      try statement.execute(arguments: [
        number, row.line, row.column, row.reason.rawValue, row.text, row.file == log ? nil : row.file,
      ])
    }
  }
}
