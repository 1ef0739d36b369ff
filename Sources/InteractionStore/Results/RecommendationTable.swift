import GRDB

/// Recommendations as a table of the store, under a name of the user's choice; it appears whole at the end.
///
/// | column | |
/// |---|---|
/// | `user` | as it was asked for |
/// | `rank` | from 1; NULL where the person got nothing |
/// | `item`, `score`, `probability` | what was recommended; NULL where there is none |
/// | `source` | model, popular, prior, or why there is nothing |
///
/// Until then rows stand in a table of a hidden name, and `recommendation_tables` says how far they go.
package final class RecommendationTable {
  /// What the caller had done when rows were last written, in its own unit.
  package private(set) var done = 0
  private let store: InteractionStore
  private let name: String
  private var growing: String { "\(name) (growing)" }

  /// Begins the table `name`, or goes on where an earlier attempt at the same `request` ended.
  ///
  /// - Throws: `StoreError.notOurTable` where something else has that name, `.otherRequest`, or the database's fault.
  package init(_ name: String, in store: InteractionStore, request: String, resuming: Bool) throws(StoreError) {
    self.store = store
    self.name = name
    let path = store.url.path
    do {
      done = try store.database.write { db in
        let begun = try GRDB.Row.fetchOne(
          db, sql: "SELECT request, done FROM recommendation_tables WHERE name = ?", arguments: [name])
        if begun == nil, try db.tableExists(name) || db.viewExists(name) {
          throw StoreError.notOurTable(path: path, table: name)
        }
        let growing = "\(name) (growing)"
        if resuming, let begun, try db.tableExists(growing) {
          if begun["request"] != request { throw StoreError.otherRequest(path: path, table: name) }
          return begun["done"]
        }
        try db.execute(sql: "DROP TABLE IF EXISTS \(growing.quotedDatabaseIdentifier)")
        try db.execute(
          sql: """
            CREATE TABLE \(growing.quotedDatabaseIdentifier) (
              user TEXT NOT NULL, rank INTEGER, item TEXT, score REAL, probability REAL, source TEXT NOT NULL);
            """)
        try db.execute(
          sql: "INSERT OR REPLACE INTO recommendation_tables (name, request, done) VALUES (?, ?, 0)",
          arguments: [name, request])
        return 0
      }
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Appends rows and remembers how far the caller has come with them, both or neither.
  package func append(_ rows: [RecommendationRow], done: Int) throws(StoreError) {
    do {
      try store.database.write { db in
        let statement = try db.cachedStatement(
          sql: "INSERT INTO \(growing.quotedDatabaseIdentifier) VALUES (?, ?, ?, ?, ?, ?)")
        for row in rows {
          try statement.execute(arguments: [
            row.user, row.rank, row.item, row.score.map { Double($0) }, row.probability, row.source,
          ])
        }
        try db.execute(sql: "UPDATE recommendation_tables SET done = ? WHERE name = ?", arguments: [done, name])
      }
    } catch {
      throw StoreError(error, path: store.url.path)
    }
    self.done = done
  }

  /// Takes away what was written so far; a table of that name which was whole before stays.
  package func discard() throws(StoreError) {
    do {
      try store.database.write { db in
        try db.execute(sql: "DROP TABLE IF EXISTS \(growing.quotedDatabaseIdentifier)")
        if try !db.tableExists(name) {
          try db.execute(sql: "DELETE FROM recommendation_tables WHERE name = ?", arguments: [name])
        }
      }
    } catch {
      throw StoreError(error, path: store.url.path)
    }
  }

  /// Gives the rows their name, in place of a table this program made earlier.
  package func finish() throws(StoreError) {
    do {
      try store.database.write { db in
        try db.execute(sql: "DROP TABLE IF EXISTS \(name.quotedDatabaseIdentifier)")
        try db.rename(table: growing, to: name)
      }
    } catch {
      throw StoreError(error, path: store.url.path)
    }
  }
}
