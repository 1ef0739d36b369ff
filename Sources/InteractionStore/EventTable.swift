import GRDB
import GRDBSQLite
import Interactions

/// The table `events`, column by column.
///
/// SQLite's own calls stand here because a million events pass through: a value boxed for each column of each row would
/// take several times as long, and so would a statement per row.
enum EventTable {
  /// Rows of one statement.
  private static let rowsPerStatement = 50

  /// Appends events; SQLite numbers them on from the last.
  static func append(_ events: EventBatch, to db: Database) throws {
    let whole = events.count - events.count % rowsPerStatement
    try insert(events, 0..<whole, rows: rowsPerStatement, in: db)
    try insert(events, whole..<events.count, rows: 1, in: db)
  }

  /// Inserts the events at `range`, `rows` with each statement.
  private static func insert(_ events: EventBatch, _ range: Range<Int>, rows: Int, in db: Database) throws {
    let columns = events.columns.present.map { (name: Self.name(of: $0), values: events.columns[$0] ?? []) }
    let row = "(?, ?" + String(repeating: ", ?", count: columns.count) + ")"
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO events (user, item\(columns.map { ", \"\($0.name)\"" }.joined())) VALUES \
        \(repeatElement(row, count: rows).joined(separator: ", "))
        """)
    let handle = statement.sqliteStatement
    for start in stride(from: range.lowerBound, to: range.upperBound, by: rows) {
      var place: CInt = 0
      func bind(_ value: Int64) {
        place += 1
        sqlite3_bind_int64(handle, place, value)
      }
      for index in start..<start + rows {
        bind(Int64(events.users[index].rawValue))
        bind(Int64(events.items[index].rawValue))
        for column in columns { bind(column.values[index]) }
      }
      let code = sqlite3_step(handle)
      sqlite3_reset(handle)
      try db.requireDone(code)
    }
  }

  /// All events in the order of their input, with the columns in use.
  static func fetchAll(_ db: Database) throws -> EventBatch {
    let used = try columnsInUse(db)
    let names = used.map { ", \"\(name(of: $0))\"" }.joined()
    let statement = try db.cachedStatement(sql: "SELECT user, item\(names) FROM events ORDER BY id")
    let handle = statement.sqliteStatement
    defer { sqlite3_reset(handle) }
    var events = EventBatch(columns: EventColumns(present: used))
    var code = sqlite3_step(handle)
    while code == SQLITE_ROW {
      events.users.append(UserID(rawValue: sqlite3_column_int(handle, 0)))
      events.items.append(ItemID(rawValue: sqlite3_column_int(handle, 1)))
      for (place, column) in used.enumerated() {
        events.columns.append(sqlite3_column_int64(handle, CInt(place + 2)), to: column)
      }
      code = sqlite3_step(handle)
    }
    try db.requireDone(code)
    return events
  }

  /// The columns that the events have; all of them or none, as imports see to.
  static func columnsInUse(_ db: Database) throws -> [EventColumn] {
    let known = EventColumn.allCases
    let tests = known.map { "\"\(name(of: $0))\" IS NOT NULL" }.joined(separator: ", ")
    guard let row = try Row.fetchOne(db, sql: "SELECT \(tests) FROM events LIMIT 1") else { return [] }
    return known.enumerated().filter { row[$0.offset] }.map(\.element)
  }

  /// What the column is called in the table.
  private static func name(of column: EventColumn) -> String {
    switch column {
    case .time: "time"
    case .group: "group"
    }
  }

  /// How many events there are.
  static func count(_ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "SELECT COALESCE(MAX(id), 0) FROM events") ?? 0
  }
}
