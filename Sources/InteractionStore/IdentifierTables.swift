import Foundation
import GRDB
import Interactions

/// The tables `users`, `items` and `groups`: external ids by their numbers, byte for byte.
package enum IdentifierTables {
  package enum Name: String, CaseIterable {
    case users, items, groups

    var keyPath: WritableKeyPath<KnownIdentifiers, IdentifierTable> & Sendable {
      switch self {
      case .users: \.users
      case .items: \.items
      case .groups: \.groups
      }
    }
  }

  /// The ids of the tables named, numbered as in the store and verified against their sums.
  ///
  /// - Throws: `StoreFault` where numbers have gaps, an id is there twice, or the sum differs; `DatabaseError`.
  static func fetch(_ db: Database, including names: [Name] = Name.allCases) throws -> KnownIdentifiers {
    var identifiers = KnownIdentifiers()
    for name in names {
      let table = try fetch(name, from: db)
      if let kept = try StoreChecksum.read(name.rawValue, from: db)?.last?.checksum, StoreChecksum(table) != kept {
        throw StoreFault("the table \(name.rawValue) differs from what the last import wrote")
      }
      identifiers[keyPath: name.keyPath] = table
    }
    return identifiers
  }

  /// The ids of one table.
  package static func fetch(_ name: Name, from db: Database) throws -> IdentifierTable {
    var table = IdentifierTable()
    // As a blob an id has its length; as a text it would end at a byte of zero.
    let cursor = try Row.fetchCursor(db, sql: "SELECT id, CAST(name AS BLOB) FROM \(name.rawValue) ORDER BY id")
    while let row = try cursor.next() {
      let id: Int64 = try row.value(0, "number of one of the \(name.rawValue)")
      let bytes = [UInt8](try row.value(1, "id of number \(id) of the \(name.rawValue)") as Data)
      guard id == table.count else {
        throw StoreFault("the table \(name.rawValue) has no number \(table.count)")
      }
      _ = table.insert(bytes.span, 0..<bytes.count)
      if table.count != id + 1 { throw StoreFault("the table \(name.rawValue) has the id of its number \(id) twice") }
    }
    return table
  }

  /// Appends the ids from number `known` on.
  package static func append(_ table: IdentifierTable, from known: Int, to name: Name, in db: Database) throws {
    let statement = try db.cachedStatement(
      sql: "INSERT INTO \(name.rawValue) (id, name) VALUES (?, CAST(? AS TEXT))")
    for index in known..<table.count {
      try statement.execute(arguments: [index, Data(table.utf8(at: index))])
    }
  }
}
