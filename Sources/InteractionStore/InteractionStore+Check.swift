import DurableFiles
import Foundation
import GRDB
import Interactions

/// What a store holds, where it is whole.
package struct StoreStatistics: Sendable, Equatable {
  package var imports = 0
  package var events = 0
  package var users = 0
  package var items = 0
}

extension StoreStatistics: CustomStringConvertible {
  package var description: String {
    "\(Counted(imports, "import")), \(Counted(events, "event")) of \(Counted(users, "user")) and \(Counted(items, "item"))"
  }
}

extension InteractionStore {
  /// Reads all that the store holds and compares it with what was imported; memory does not grow with the events.
  ///
  /// - Throws: `StoreError.damaged` with the first fault: pages that SQLite cannot read, indices that disagree with their
  ///   tables, values of another type, references that lead nowhere, ids, events or vectors of texts that differ from their sums, reports that cannot be read.
  package func check() throws(StoreError) -> StoreStatistics {
    let statistics = try read { db in
      let faults = try String.fetchAll(db, sql: "PRAGMA integrity_check(3)")
      if faults != ["ok"] { throw StoreFault("SQLite reports: \(faults.joined(separator: ", "))") }
      if let row = try Row.fetchOne(db, sql: "PRAGMA foreign_key_check") {
        throw StoreFault("a row of \(row[0] as String) refers to a row of \(row[2] as String) that is missing")
      }
      try TextVectorTable.verify(db)
      var statistics = StoreStatistics()
      try EventTable.verify(db) { statistics.events += $0.count }
      let identifiers = try IdentifierTables.fetch(db)
      statistics.users = identifiers.users.count
      statistics.items = identifiers.items.count
      statistics.imports = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM imports NOT INDEXED") ?? 0
      return statistics
    }
    _ = try reports()
    _ = try items()
    return statistics
  }
}
