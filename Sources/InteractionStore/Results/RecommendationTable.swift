import DurableFiles
import Foundation
import GRDB

/// Recommendations as a table of the store, under a name that the user chooses; it appears whole at the end.
///
/// | column | |
/// |---|---|
/// | `user` | as it was requested |
/// | `rank` | from 1; NULL where the user got nothing |
/// | `item`, `score`, `probability` | what was recommended; NULL where there is none |
/// | `source` | model, popular, prior, or why there is nothing |
/// | `title` | what the item is called; where the request wants it |
/// | `cold` | 1 for an item that the model has had no event of, 0 for others; where the request wants it |
///
/// Until then rows stand in a table of a hidden name, and `recommendation_tables` says how far they go. A lock beside the
/// store, `.STORE.TABLE.lock`, keeps a second process out as long as this one lives; each step verifies that it still owns
/// the table.
package final class RecommendationTable {
  /// What the caller had done when rows were last written, in its own unit.
  package private(set) var done = 0
  private let store: InteractionStore
  private let name: String
  private let owner = UUID().uuidString
  private let columns: Columns
  /// Until it is finished or discarded.
  private var lock: FileLock?
  private var growing: String { "\(name) (growing)" }

  /// Begins the table `name`, or resumes it where an earlier attempt at the same `request` ended.
  ///
  /// - Throws: `StoreError.notOurTable` where something else has that name, `.tableBusy` where another process is writing
  ///   it, `.otherRequest`, or the database's fault.
  package init(
    _ name: String, in store: InteractionStore, request: String, columns: Columns = Columns(), resuming: Bool
  ) throws(StoreError) {
    self.store = store
    self.name = name
    self.columns = columns
    let path = store.url.path
    let busy = StoreError.tableBusy(path: path, table: name)
    do {
      guard let lock = try FileLock(beside: store.url, name.lowercased()) else { throw busy }
      self.lock = lock
      let (owner, growing) = (owner, "\(name) (growing)")
      done = try store.write { db in
        let begun = try GRDB.Row.fetchOne(
          db, sql: "SELECT request, done FROM recommendation_tables WHERE name = ?", arguments: [name])
        if begun == nil, try [name, growing].contains(where: { try Self.exists($0, in: db) }) {
          throw StoreError.notOurTable(path: path, table: name)
        }
        if resuming, let begun, try Self.exists(growing, in: db) {
          if try begun.value(0, "request of the table") != request {
            throw StoreError.otherRequest(path: path, table: name)
          }
          try db.execute(
            sql: "UPDATE recommendation_tables SET owner = ? WHERE name = ?", arguments: [owner, name])
          return try begun.value(1, "progress of the table")
        }
        try Self.create(growing, columns, in: db)
        try db.execute(
          sql: "INSERT OR REPLACE INTO recommendation_tables (name, request, done, owner) VALUES (?, ?, 0, ?)",
          arguments: [name, request, owner])
        return 0
      }
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Appends rows and remembers how far the caller has come with them, both or neither.
  package func append(_ rows: [RecommendationRow], done: Int) throws(StoreError) {
    try change { db in
      try db.execute(sql: "UPDATE recommendation_tables SET done = ? WHERE name = ?", arguments: [done, name])
      // Texts go as bytes: bound as texts they would end at a byte of zero.
      let statement = try db.cachedStatement(
        sql: """
          INSERT INTO \(growing.quotedForSQL) VALUES
            (CAST(? AS TEXT), ?, CAST(? AS TEXT), ?, ?, CAST(? AS TEXT)\(columns.titles ? ", CAST(? AS TEXT)" : "")\
          \(columns.cold ? ", ?" : ""))
          """)
      for row in rows {
        var arguments: StatementArguments = [
          Data(row.user.utf8), row.rank, row.item.map { Data($0.utf8) }, row.score.map { Double($0) },
          row.probability, Data(row.source.utf8),
        ]
        if columns.titles { arguments += [row.title.map { Data($0.utf8) }] }
        if columns.cold { arguments += [row.isCold] }
        try statement.execute(arguments: arguments)
      }
    }
    self.done = done
  }

  /// Removes what was written so far; a table of that name which was whole before stays.
  package func discard() throws(StoreError) {
    try change { db in
      try db.execute(sql: "DROP TABLE IF EXISTS \(growing.quotedForSQL)")
      if try !Self.exists(name, in: db) {
        try db.execute(sql: "DELETE FROM recommendation_tables WHERE name = ?", arguments: [name])
      }
    }
    lock = nil
  }

  /// Gives the rows their name, in place of a table this program made earlier.
  package func finish() throws(StoreError) {
    try change { db in
      try db.execute(
        sql: """
          DROP TABLE IF EXISTS \(name.quotedForSQL);
          ALTER TABLE \(growing.quotedForSQL) RENAME TO \(name.quotedForSQL);
          """)
    }
    lock = nil
  }

  /// Changes the store by `body`, if the table is still this process's.
  private func change(_ body: (Database) throws -> Void) throws(StoreError) {
    do {
      try store.write { db in
        let owner = try String.fetchOne(
          db, sql: "SELECT owner FROM recommendation_tables WHERE name = ?", arguments: [name])
        if owner != self.owner { throw StoreError.tableBusy(path: store.url.path, table: name) }
        try body(db)
      }
    } catch {
      throw StoreError(error, path: store.url.path)
    }
  }

  /// What a table says of items beside their ids.
  package struct Columns: Sendable, Equatable {
    package var titles, cold: Bool

    package init(titles: Bool = false, cold: Bool = false) { (self.titles, self.cold) = (titles, cold) }

    /// Those of the table `name`.
    init(of name: String, in db: Database) throws {
      let names = try db.columns(in: name).map(\.name)
      self.init(titles: names.contains("title"), cold: names.contains("cold"))
    }

    /// All of a table, as SQL has them.
    var text: String {
      "user, rank, item, score, probability, source\(titles ? ", title" : "")\(cold ? ", cold" : "")"
    }
  }

  /// Creates an empty table `name`, in place of one that is there.
  static func create(_ name: String, _ columns: Columns, in db: Database) throws {
    try db.execute(
      sql: """
        DROP TABLE IF EXISTS \(name.quotedForSQL);
        CREATE TABLE \(name.quotedForSQL) (
          user TEXT NOT NULL, rank INTEGER CHECK (rank > 0), item TEXT, score REAL, probability REAL,
          source TEXT NOT NULL\(columns.titles ? ", title TEXT" : "")\
        \(columns.cold ? ", cold INTEGER CHECK (cold IN (0, 1))" : "")) STRICT;
        """)
  }

  static func exists(_ name: String, in db: Database) throws -> Bool {
    try GRDB.Row.fetchOne(
      db, sql: "SELECT 1 FROM sqlite_master WHERE name = ? COLLATE NOCASE AND type IN ('table', 'view')",
      arguments: [name]) != nil
  }
}
