import Foundation
import GRDB
import Interactions

/// One SQLite file that holds interaction logs, how they were imported, and what was computed from them.
///
/// The schema is in `Migrations/`, one file per step. A store is changed in whole transactions: whoever kills the program
/// finds the store as it was before, or with everything.
package struct InteractionStore: Sendable {
  /// Marks an SQLite file as a store (`PRAGMA application_id`): "Cloz".
  static let applicationID: Int32 = 0x436C_6F7A

  package let url: URL
  package let database: DatabaseQueue

  /// Opens the store at `url`; where there is none, makes an empty one if `creating`.
  ///
  /// - Throws: `StoreError` where the file is missing, no store, newer than this program, or not permitted.
  package static func open(_ url: URL, creating: Bool = false) throws(StoreError) -> InteractionStore {
    let path = url.path
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    if isDirectory.boolValue { throw .directory(path: path) }
    guard exists || creating else { throw .missing(path: path) }
    do {
      let database = try DatabaseQueue(path: path, configuration: configuration)
      let migrator = StoreMigrations.migrator
      let isReady = try database.read { db in
        guard try isStoreOrEmpty(db) else { throw StoreError.notAStore(path: path) }
        if try migrator.hasBeenSuperseded(db) { throw StoreError.newer(path: path) }
        return try migrator.hasCompletedMigrations(db)
      }
      if !isReady {
        try database.write { try $0.execute(sql: "PRAGMA application_id = \(applicationID)") }
        try migrator.migrate(database)
      }
      return InteractionStore(url: url, database: database)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Whether `path` is a file made by `open`; false for any other file.
  static func isStore(_ path: String) -> Bool {
    guard SQLiteFile.isDatabase(path) else { return false }
    let database = try? SQLiteFile.openReadOnly(path)
    return (try? database?.read { try Int32.fetchOne($0, sql: "PRAGMA application_id") }) == applicationID
  }

  /// Everybody's history: all imports, in the order of their import.
  ///
  /// - Throws: `StoreError.noEvents` where nothing was imported yet.
  package func log() throws(StoreError) -> InteractionLog {
    do {
      return try database.read { db in
        let events = try EventTable.fetchAll(db)
        guard events.count > 0 else { throw StoreError.noEvents(path: url.path) }
        let identifiers = try IdentifierTables.fetch(db, including: [.users, .items])
        return InteractionLog(
          users: Catalog(identifiers.users), items: Catalog(identifiers.items), events: events)
      }
    } catch {
      throw StoreError(error, path: url.path)
    }
  }

  /// What reading said of every imported log, oldest import first.
  package func reports() throws(StoreError) -> [ReadingSummary] {
    do {
      let texts = try database.read { try String.fetchAll($0, sql: "SELECT report FROM imports ORDER BY id") }
      return try texts.map { try JSONDecoder().decode(ReadingSummary.self, from: Data($0.utf8)) }
    } catch {
      throw StoreError(error, path: url.path)
    }
  }

  /// Whether the database is a store, or so new that it can become one.
  private static func isStoreOrEmpty(_ db: Database) throws -> Bool {
    if try Int32.fetchOne(db, sql: "PRAGMA application_id") == applicationID { return true }
    return try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master") == 0
  }

  /// Numbers of users and items are given out by the reader itself, so SQLite need not look each of them up again
  /// (foreign keys document the schema; enforcing them would double the time of an import).
  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.busyMode = .timeout(5)
    configuration.label = "cloze store"
    configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA cache_size = -16384") }
    return configuration
  }
}
