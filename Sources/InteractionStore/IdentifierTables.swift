import GRDB
import GRDBSQLite
import Interactions

/// The tables `users`, `items` and `groups`: external ids by their numbers.
enum IdentifierTables {
  enum Name: String, CaseIterable {
    case users, items, groups

    var keyPath: WritableKeyPath<KnownIdentifiers, IdentifierTable> & Sendable {
      switch self {
      case .users: \.users
      case .items: \.items
      case .groups: \.groups
      }
    }
  }

  /// The ids of the tables named, numbered as in the store.
  static func fetch(_ db: Database, including names: [Name] = Name.allCases) throws -> KnownIdentifiers {
    var identifiers = KnownIdentifiers()
    for name in names {
      let cursor = try String.fetchCursor(db, sql: "SELECT name FROM \(name.rawValue) ORDER BY id")
      while let text = try cursor.next() { identifiers[keyPath: name.keyPath].insert(Identifier(text)) }
    }
    return identifiers
  }

  /// Appends the ids that are not in the store yet.
  static func append(_ identifiers: KnownIdentifiers, to db: Database) throws {
    for name in Name.allCases {
      let table = identifiers[keyPath: name.keyPath]
      let known = try Int.fetchOne(db, sql: "SELECT COALESCE(MAX(id) + 1, 0) FROM \(name.rawValue)") ?? 0
      let statement = try db.cachedStatement(sql: "INSERT INTO \(name.rawValue) (id, name) VALUES (?, ?)")
      let handle = statement.sqliteStatement
      for index in known..<table.count {
        sqlite3_bind_int64(handle, 1, Int64(index))
        let code = table.utf8(at: index).withUnsafeBytes { bytes in
          // Bound without a copy: the bytes outlive the step.
          sqlite3_bind_text(handle, 2, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), nil)
          return sqlite3_step(handle)
        }
        sqlite3_reset(handle)
        try db.requireDone(code)
      }
      sqlite3_clear_bindings(handle)
    }
  }
}

extension Database {
  /// Throws what went wrong where a step did not end with `SQLITE_DONE`.
  func requireDone(_ code: CInt) throws(DatabaseError) {
    if code == SQLITE_DONE { return }
    throw DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage)
  }
}
