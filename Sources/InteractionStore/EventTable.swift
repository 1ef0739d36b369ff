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
  static func append(_ columns: EventColumns, to db: Database) throws {
    let whole = columns.count - columns.count % rowsPerStatement
    try insert(columns, 0..<whole, rows: rowsPerStatement, in: db)
    try insert(columns, whole..<columns.count, rows: 1, in: db)
  }

  /// Inserts the events at `range`, `rows` with each statement.
  private static func insert(_ columns: EventColumns, _ range: Range<Int>, rows: Int, in db: Database) throws {
    let isTimed = !columns.times.isEmpty
    let isGrouped = !columns.groups.isEmpty
    let row = "(?, ?\(isTimed ? ", ?" : "")\(isGrouped ? ", ?" : ""))"
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO events (user, item\(isTimed ? ", time" : "")\(isGrouped ? ", \"group\"" : "")) VALUES \
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
        bind(Int64(columns.users[index].rawValue))
        bind(Int64(columns.items[index].rawValue))
        if isTimed { bind(columns.times[index]) }
        if isGrouped { bind(Int64(columns.groups[index])) }
      }
      let code = sqlite3_step(handle)
      sqlite3_reset(handle)
      try db.requireDone(code)
    }
  }

  /// All events in the order of their input; times and groups only where every event has one.
  static func fetchAll(_ db: Database) throws -> EventColumns {
    let statement = try db.cachedStatement(sql: #"SELECT user, item, time, "group" FROM events ORDER BY id"#)
    let handle = statement.sqliteStatement
    defer { sqlite3_reset(handle) }
    let (isTimed, isGrouped) = try columnsInUse(db)
    var columns = EventColumns()
    var code = sqlite3_step(handle)
    while code == SQLITE_ROW {
      columns.users.append(UserID(rawValue: sqlite3_column_int(handle, 0)))
      columns.items.append(ItemID(rawValue: sqlite3_column_int(handle, 1)))
      if isTimed { columns.times.append(sqlite3_column_int64(handle, 2)) }
      if isGrouped { columns.groups.append(sqlite3_column_int(handle, 3)) }
      code = sqlite3_step(handle)
    }
    try db.requireDone(code)
    return columns
  }

  /// Whether the events have times and groups; all of them or none, as imports see to.
  static func columnsInUse(_ db: Database) throws -> (isTimed: Bool, isGrouped: Bool) {
    let row = try Row.fetchOne(db, sql: #"SELECT time IS NOT NULL, "group" IS NOT NULL FROM events LIMIT 1"#)
    return (row?[0] ?? false, row?[1] ?? false)
  }

  /// How many events there are.
  static func count(_ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "SELECT COALESCE(MAX(id), 0) FROM events") ?? 0
  }
}
