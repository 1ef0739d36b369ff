import Foundation
import GRDB
import GRDBSQLite
import Interactions

/// One SQLite file that holds interaction logs, how they were imported, and what was computed from them.
///
/// The schema is `StoreSchema`. A store is changed in whole transactions: a killed program leaves the store as it
/// was before, or with everything.
package struct InteractionStore: Sendable {
  /// Marks an SQLite file as a store (`PRAGMA application_id`): "Cloz".
  static let applicationID: Int32 = 0x436C_6F7A

  package let url: URL
  package let database: DatabaseQueue

  /// Opens the store at `url`; where there is none, makes an empty one if `creating`.
  ///
  /// What a process that was killed left half-written in it is undone first.
  /// - Throws: `StoreError` where the file is missing, no store, newer than this program, damaged, or not permitted.
  package static func open(_ url: URL, creating: Bool = false) throws(StoreError) -> InteractionStore {
    let path = url.path
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    if isDirectory.boolValue { throw .directory(path: path) }
    guard exists || creating else { throw .missing(path: path) }
    do {
      let database = try DatabaseQueue(path: path, configuration: configuration)
      let isComplete = try database.read { db in
        guard try isStoreOrEmpty(db) else { throw StoreError.notAStore(path: path) }
        return try StoreSchema.isComplete(db, path: path)
      }
      if !isComplete {
        do {
          try database.writeWithoutTransaction { try StoreSchema.complete($0) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY && !creating {
          // The logs of an older store can be read as they are.
        }
      }
      return InteractionStore(url: url, database: database)
    } catch {
      // A new file in which nothing could be written, as on a full disk, is not left behind.
      if !exists, (try? url.resourceValues(forKeys: [.fileSizeKey]).fileSize) == 0 {
        try? FileManager.default.removeItem(at: url)
      }
      throw StoreError(error, path: path)
    }
  }

  /// Whether `path` is a file made by `open`; false for any other file.
  package static func isStore(_ path: String) -> Bool { SQLiteFile.applicationID(of: path) == applicationID }

  /// Everybody's history: all imports, in the order of their import.
  ///
  /// - Throws: `StoreError.noEvents` where nothing was imported yet, `.damaged` where it is not what was imported.
  package func log() throws(StoreError) -> InteractionLog { try read(log) }

  /// `log` and `reports` of one moment, though others add events meanwhile.
  ///
  /// - Throws: what those two throw.
  package func logAndReports() throws(StoreError) -> (log: InteractionLog, reports: [ReadingSummary]) {
    try read { (try log($0), try reports($0)) }
  }

  private func log(_ db: Database) throws -> InteractionLog {
    let events = try EventTable.fetchVerified(db)
    guard events.count > 0 else { throw StoreError.noEvents(path: url.path) }
    let identifiers = try IdentifierTables.fetch(db, including: [.users, .items])
    return InteractionLog(users: Catalog(identifiers.users), items: Catalog(identifiers.items), events: events)
  }

  /// What `log` was when it had `count` events; nil where it has fewer.
  ///
  /// - Precondition: `count` is positive.
  /// - Throws: `StoreError.damaged` where the store is not what was imported.
  package func log(events count: Int) throws(StoreError) -> InteractionLog? {
    try read { db in
      let events = try EventTable.fetchVerified(db).prefix(count)
      guard events.count == count else { return nil }
      // Ids are numbered in the order of their first event.
      let identifiers = try IdentifierTables.fetch(db, including: [.users, .items])
      let users = (0...(events.users.map(\.index).max() ?? 0)).lazy.map { identifiers.users[$0] }
      let items = (0...(events.items.map(\.index).max() ?? 0)).lazy.map { identifiers.items[$0] }
      return InteractionLog(users: Catalog(users), items: Catalog(items), events: events)
    }
  }

  /// What reading said of every imported log, oldest import first.
  ///
  /// - Throws: `StoreError.damaged` where one is no report.
  package func reports() throws(StoreError) -> [ReadingSummary] { try read(reports) }

  private func reports(_ db: Database) throws -> [ReadingSummary] {
    try Row.fetchAll(db, sql: "SELECT id, CAST(report AS BLOB) FROM imports ORDER BY id").map { row in
      let number: Int = try row.value(0, "number of an import")
      let text: Data = try row.value(1, "report of import \(number)")
      guard let report = try? JSONDecoder().decode(ReadingSummary.self, from: text) else {
        throw StoreFault("the report of import \(number) cannot be read")
      }
      return report
    }
  }

  /// What `body` finds in the store.
  ///
  /// - Throws: `StoreError`.
  func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try database.read(body)
    } catch {
      throw StoreError(error, path: url.path)
    }
  }

  /// Changes the store by `body`, as a whole or not at all.
  ///
  /// - Parameter isBulk: whether `body` writes so many rows that SQLite should not look up the numbers of users and items
  ///   in each of them (2 million random events took 3.4 s with, 0.7 s without), nor compute the conditions of its
  ///   tables. `body` then sees to both.
  /// - Throws: `StoreError`; `.moved` where the file is no longer the one at its path.
  package func write<Value>(isBulk: Bool = false, _ body: (Database) throws -> Value) throws -> Value {
    do {
      return try database.writeWithoutTransaction { db in
        if isBulk { try db.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON") }
        defer {
          if isBulk { try? db.execute(sql: "PRAGMA foreign_keys = ON; PRAGMA ignore_check_constraints = OFF") }
        }
        var value: Value?
        try db.inTransaction(.immediate) {
          if Self.hasMoved(db) { throw StoreError.moved(path: url.path) }
          value = try body(db)
          return .commit
        }
        return value!
      }
    } catch let error as DatabaseError {
      throw StoreError(error, path: url.path)
    } catch let error as StoreFault {
      throw StoreError(error, path: url.path)
    }
  }

  /// Takes away the file where nothing has ever been written to it; another process that has opened it notices.
  package func removeIfEmpty() {
    try? database.writeWithoutTransaction { db in
      try db.inTransaction(.exclusive) {
        let used = ["imports", "runs", "recommendation_tables", "item_table"].map { "SELECT 1 FROM \($0)" }
        if try Row.fetchOne(db, sql: used.joined(separator: " UNION ALL ")) == nil, !Self.hasMoved(db) {
          try FileManager.default.removeItem(at: url)
        }
        return .rollback
      }
    }
  }

  /// Whether another file, or none, stands where this one was opened.
  private static func hasMoved(_ db: Database) -> Bool {
    var hasMoved: CInt = 0
    return sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved) == SQLITE_OK
      && hasMoved != 0
  }

  /// Whether the database is a store, or so new that it can become one.
  private static func isStoreOrEmpty(_ db: Database) throws -> Bool {
    if try Int32.fetchOne(db, sql: "PRAGMA application_id") == applicationID { return true }
    return try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master") == 0
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.label = "cloze store"
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA cache_size = -16384; PRAGMA cell_size_check = ON")
    }
    return configuration
  }
}
