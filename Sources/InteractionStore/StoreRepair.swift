import DurableFiles
import Foundation
import GRDB
import Interactions

/// Saves what can be read of a damaged store: row by row it goes into a new one, which takes its place.
package struct StoreRepair: Sendable, Equatable {
  /// What the new store holds.
  package private(set) var saved = StoreStatistics()
  /// Where the damaged file is kept.
  package private(set) var damaged = ""
  /// Events that are not in the new store, as their user or item cannot be told.
  package private(set) var lostEvents = 0
  /// Ids that cannot be read; they are called `lost user 17`, and their events are kept.
  package private(set) var lostIdentifiers = 0
  /// Rows of other tables that are not in the new store.
  package private(set) var lostRows = 0

  /// Repairs the store at `url`; the damaged file is kept beside it.
  ///
  /// - Throws: `StoreError` where the file is no store, or nothing of its logs can be read.
  package static func run(_ url: URL) throws(StoreError) -> StoreRepair {
    guard InteractionStore.isStore(url.path) else { throw .notAStore(path: url.path) }
    var repair = StoreRepair()
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(5)
      let old = try DatabaseQueue(path: url.path, configuration: configuration)
      try old.writeWithoutTransaction { old in
        try old.inTransaction(.exclusive) {
          repair.damaged = try DurableFile.replace(url, keeping: "damaged") { path in
            let store = try InteractionStore.open(path, creating: true)
            try store.write(isBulk: true) { new in try repair.copy(old, to: new) }
            repair.saved = try store.check()
          }.path
          return .rollback
        }
      }
    } catch {
      let error = StoreError(error, path: url.path)
      if case .damaged(let path, let fault) = error { throw .beyondRepair(path: path, fault: fault) }
      throw error
    }
    return repair
  }

  private mutating func copy(_ old: Database, to new: Database) throws {
    let firsts = try copyImports(old, to: new)
    var counts: [Int64] = []
    for name in IdentifierTables.Name.allCases { counts.append(try copyIdentifiers(name, old, to: new)) }
    try copyEvents(old, to: new, below: counts, firsts: firsts)
    let names = try old.columns(in: "quarantine").contains { $0.name == "file" } ? ", file" : ""
    try copyRows(of: "quarantine", "import, line, \"column\", reason, text\(names)", old, to: new)
    try copyRows(of: "runs", "id, name, kind, started_at, finished_at, fingerprint, record", old, to: new)
    if try old.tableExists("item_table") {
      try copyRows(of: "item_table", "id, file, fingerprint, imported_at, columns, summary", old, to: new)
      try copyRows(of: "item_rows", "id, name, title, fields", old, to: new)
    }
    try copyRecommendations(old, to: new)
    // Vectors of texts stay behind: they are encoded anew when they are next read.
    try StoreChecksum.addUp(new)
  }

  /// The imports, without their counts; returns the number and the first event of each.
  private mutating func copyImports(_ old: Database, to new: Database) throws -> [(number: Int64, first: Int64)] {
    var firsts: [(Int64, Int64)] = []
    let columns = "id, file, fingerprint, imported_at, first_event, report"
    lostRows += try Self.read("imports", columns, old) { values, number in
      guard let first = Int64.fromDatabaseValue(values[4]), first > (firsts.last?.1 ?? 0) else { return false }
      let isTaken = try insert(values, "imports (\(columns), events)", "?, ?, ?, ?, ?, ?, 0", in: new)
      if isTaken { firsts.append((number, first)) }
      return isTaken
    }
    if firsts.isEmpty { throw StoreFault("none of its imports can be read") }
    return firsts
  }

  /// The ids of a table, with names for those that cannot be read; returns how many there are now.
  private mutating func copyIdentifiers(_ name: IdentifierTables.Name, _ old: Database, to new: Database) throws
    -> Int64
  {
    var table = IdentifierTable()
    func append(_ bytes: [UInt8]) -> Bool { table.insert(bytes.span, 0..<bytes.count) == table.count - 1 }
    func appendLost() {
      lostIdentifiers += 1
      var text = "lost \(name.rawValue.dropLast()) \(table.count)"
      while !append(Array(text.utf8)) { text += "'" }
    }
    // A damaged number may be any: as many ids as there are rows, and a few pages more, are believed.
    let most = 2 * (try Int64.fetchOne(old, sql: "SELECT COUNT(*) FROM \(name.rawValue)") ?? 0) + 10_000
    _ = try Self.read(name.rawValue, "CAST(name AS BLOB)", old) { values, id in
      guard id >= table.count, id < most else { return true }
      while table.count < id { appendLost() }
      let bytes = Data.fromDatabaseValue(values[0]).map { [UInt8]($0) } ?? []
      let count = table.count
      if bytes.isEmpty || !append(bytes) || table.count == count { appendLost() }
      return true
    }
    try IdentifierTables.append(table, from: 0, to: name, in: new)
    return Int64(table.count)
  }

  private mutating func copyEvents(
    _ old: Database, to new: Database, below counts: [Int64], firsts: [(number: Int64, first: Int64)]
  ) throws {
    var (written, place) = (0, 0)
    var starts = [Int](repeating: 1, count: firsts.count)
    var isTimed: Bool?
    var isGrouped = false
    let insertion = try new.cachedStatement(
      sql: #"INSERT INTO events (user, item, time, "group") VALUES (?, ?, ?, ?)"#)
    lostEvents = try Self.read("events", #"user, item, time, "group""#, old) { values, number in
      while place + 1 < firsts.count, number >= firsts[place + 1].first {
        place += 1
        starts[place] = written + 1
      }
      // What the first event has, all have.
      if isTimed == nil { (isTimed, isGrouped) = (!values[2].isNull, !values[3].isNull) }
      let numbers = values.map { Int64.fromDatabaseValue($0) }
      guard let user = numbers[0], (0..<counts[0]).contains(user), let item = numbers[1],
        (0..<counts[1]).contains(item),
        (numbers[2] != nil) == isTimed, numbers[2].map({ EventTime.range.contains($0) }) ?? true,
        (numbers[3] != nil) == isGrouped,
        numbers[3].map({ (0..<counts[2]).contains($0) }) ?? true
      else { return false }
      try insertion.execute(arguments: [user, item, numbers[2], numbers[3]])
      written += 1
      return true
    }
    for index in firsts.indices {
      if index > place { starts[index] = written + 1 }
      let end = index < place ? starts[index + 1] : written + 1
      try new.execute(
        sql: "UPDATE imports SET first_event = ?, events = ? WHERE id = ?",
        arguments: [starts[index], max(0, end - starts[index]), firsts[index].number])
    }
  }

  /// Copies the rows of a table as they are; what its columns refuse is lost.
  private mutating func copyRows(of table: String, _ columns: String, _ old: Database, to new: Database) throws {
    let places = repeatElement("?", count: columns.split(separator: ",").count).joined(separator: ", ")
    lostRows += try Self.read(table, columns, old) { values, _ in
      try insert(values, "\(table.quotedForSQL) (\(columns))", places, in: new)
    }
  }

  /// Copies the tables of recommendations that were finished.
  private mutating func copyRecommendations(_ old: Database, to new: Database) throws {
    var names: [String] = []
    lostRows += try Self.read("recommendation_tables", "name, request, done", old) { values, _ in
      guard let name = String.fromDatabaseValue(values[0]), try RecommendationTable.exists(name, in: old) else {
        return true
      }
      let isTaken = try insert(values, "recommendation_tables (name, request, done)", "?, ?, ?", in: new)
      if isTaken { names.append(name) }
      return isTaken
    }
    for name in names {
      let columns = try RecommendationTable.Columns(of: name, in: old)
      try RecommendationTable.create(name, columns, in: new)
      try copyRows(of: name, columns.text, old, to: new)
    }
  }

  /// Inserts a row; false where its values are none of the table's.
  private func insert(_ values: [DatabaseValue], _ target: String, _ places: String, in db: Database) throws -> Bool {
    do {
      try db.cachedStatement(sql: "INSERT INTO \(target) VALUES (\(places))")
        .execute(arguments: StatementArguments(values))
      return true
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      return false
    }
  }

  /// Hands the rows of a table that can be read, and their numbers, to `body`, which says whether it kept them: from the
  /// first on to a fault, then those between it and the last, which are read backward.
  ///
  /// - Returns: how many were not kept, as far as their numbers tell.
  private static func read(
    _ table: String, _ columns: String, _ db: Database, _ body: ([DatabaseValue], Int64) throws -> Bool
  ) throws -> Int {
    func rows(_ condition: String, _ take: ([DatabaseValue], Int64) throws -> Void) throws -> Bool {
      let sql = "SELECT \(columns), rowid FROM \(table.quotedForSQL) \(condition)"
      guard let cursor = try? Row.fetchCursor(db, sql: sql) else { return false }
      while true {
        let row: Row?
        do { row = try cursor.next() } catch { return false }
        guard let row else { return true }
        let values = Array(row.databaseValues)
        try take(values.dropLast(), Int64.fromDatabaseValue(values[values.count - 1]) ?? 0)
      }
    }
    var (last, lost) = (-1 as Int64, 0)
    let isWhole = try rows("ORDER BY rowid") { values, number in
      last = max(last, number)
      if try !body(values, number) { lost += 1 }
    }
    if isWhole { return lost }
    var behind: [(values: [DatabaseValue], number: Int64)] = []
    _ = try rows("WHERE rowid > \(last) ORDER BY rowid DESC") { behind.append(($0, $1)) }
    lost += behind.last.map { Int($0.number - last - 1) } ?? 1
    for row in behind.reversed() where try !body(row.values, row.number) { lost += 1 }
    return lost
  }
}

extension StoreRepair: CustomStringConvertible {
  package var description: String {
    var lost: [String] = []
    if lostEvents > 0 { lost.append("\(Counted(lostEvents, "event")) that cannot be told") }
    if lostIdentifiers > 0 {
      lost.append("\(Counted(lostIdentifiers, "id")), whose events are kept under names such as \"lost user 17\"")
    }
    if lostRows > 0 { lost.append("\(Counted(lostRows, "row")) of other tables") }
    return """
      saved \(saved); lost: \(lost.isEmpty ? "nothing that can be counted" : lost.joined(separator: ", "))
      the damaged file is kept as \(damaged)
      """
  }
}
