import GRDB
import GRDBSQLite
import Interactions

/// The table `events`, column by column.
///
/// SQLite's own calls stand here because a million events pass through: a value boxed for each column of each row would
/// take several times as long, and so would a statement per row.
enum EventTable {
  /// Rows of one statement: 500 take some 8 % less of SQLite's time than 50, 1,000 no less than 500.
  private static let rowsPerStatement = 500
  /// Rows that are read at a time.
  private static let rowsPerPart = 65_536

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
        INSERT INTO events (user, item\(columns.map { ", \($0.name)" }.joined())) VALUES \
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

  /// All events in the order of their input, with the columns in use, verified against the sums of their imports.
  ///
  /// - Throws: `StoreFault` where they are not what was imported; `DatabaseError`.
  static func fetchVerified(_ db: Database) throws -> EventBatch {
    var events = EventBatch(columns: EventColumns(present: try columnsInUse(db)))
    try verify(db) { events.append(contentsOf: $0) }
    return events
  }

  /// Compares the events with the sums of their imports; `body` sees them in parts.
  ///
  /// - Throws: `StoreFault` where they are not what was imported; `DatabaseError`.
  static func verify(_ db: Database, _ body: (EventBatch) throws -> Void = { _ in }) throws {
    var sums = (try StoreChecksum.read("events", from: db))?[...]
    let isSummed = sums != nil
    var (count, found) = (0, StoreChecksum())
    func take(_ events: EventBatch) throws(StoreFault) {
      var next = 0
      while let (number, kept) = sums?.first {
        let end = min(events.count, next + kept.rows - found.rows)
        found.add(events, next..<end)
        next = end
        if found.rows < kept.rows { break }
        if found != kept { throw StoreFault("the events of import \(number) differ from those that were imported") }
        sums?.removeFirst()
        found = StoreChecksum()
      }
      if isSummed && next < events.count { throw StoreFault("it has more events than were imported") }
      count += events.count
    }
    try read(db) { events in
      try take(events)
      try body(events)
    }
    try take(EventBatch())
    if let (number, kept) = sums?.first {
      throw StoreFault("of the \(kept.rows) events of import \(number) there are \(found.rows)")
    }
  }

  /// All events in the order of their input, with the columns in use, in parts.
  ///
  /// - Throws: `StoreFault` where a value is no number, or that of no user, item or group; `DatabaseError`.
  static func read(_ db: Database, _ body: (EventBatch) throws -> Void) throws {
    let used = try columnsInUse(db)
    let bounds = try ["users", "items", "groups"].map { table in
      min(try Int64.fetchOne(db, sql: "SELECT COALESCE(MAX(id), -1) FROM \(table)") ?? -1, Int64(Int32.max) - 1) + 1
    }
    let names = used.map { ", \(name(of: $0))" }.joined()
    let statement = try db.makeStatement(sql: "SELECT user, item\(names) FROM events ORDER BY id")
    let handle = statement.sqliteStatement
    defer { sqlite3_reset(handle) }
    var (events, count) = (EventBatch(columns: EventColumns(present: used)), 0)
    /// The value at `place` of the row, below `bound` where there is one.
    func value(_ place: Int, below bound: Int64? = nil) throws(StoreFault) -> Int64 {
      let number = sqlite3_column_int64(handle, CInt(place))
      guard sqlite3_column_type(handle, CInt(place)) == SQLITE_INTEGER,
        bound.map({ 0 <= number && number < $0 }) ?? true
      else {
        let what = (["user", "item"] + used.map { "\($0)" })[place]
        throw StoreFault("the \(what) of event \(count + events.count + 1) is none that there is")
      }
      return number
    }
    var code = sqlite3_step(handle)
    while code == SQLITE_ROW {
      events.users.append(UserID(rawValue: Int32(try value(0, below: bounds[0]))))
      events.items.append(ItemID(rawValue: Int32(try value(1, below: bounds[1]))))
      for (place, column) in used.enumerated() {
        let number = try value(place + 2, below: column == .group ? bounds[2] : nil)
        if column == .time, !EventTime.range.contains(number) {
          throw StoreFault("the time of event \(count + events.count) lies outside of the years 1 to 9999")
        }
        events.columns.append(number, to: column)
      }
      if events.count == rowsPerPart {
        try body(events)
        count += events.count
        events.removeAll()
      }
      code = sqlite3_step(handle)
    }
    try db.requireDone(code)
    if events.count > 0 { try body(events) }
  }

  /// The columns that the events have; all of them or none, as imports see to.
  static func columnsInUse(_ db: Database) throws -> [EventColumn] {
    let known: [EventColumn] = [.time, .group]
    let tests = known.map { "\(name(of: $0)) IS NOT NULL" }.joined(separator: ", ")
    guard let row = try Row.fetchOne(db, sql: "SELECT \(tests) FROM events LIMIT 1") else { return [] }
    return known.enumerated().filter { row[$0.offset] }.map(\.element)
  }

  /// What SQL calls the column.
  private static func name(of column: EventColumn) -> String {
    switch column {
    case .time: "time"
    case .group: #""group""#
    case .sentence: preconditionFailure("a store has no column of sentences")
    }
  }

  /// The number of the last event, from 1; 0 where there is none.
  static func last(_ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "SELECT COALESCE(MAX(id), 0) FROM events") ?? 0
  }
}

extension Database {
  /// Throws what went wrong where a step did not end with `SQLITE_DONE`.
  func requireDone(_ code: CInt) throws(DatabaseError) {
    if code == SQLITE_DONE { return }
    throw DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage)
  }
}
