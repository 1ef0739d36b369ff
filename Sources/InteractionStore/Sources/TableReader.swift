import DurableFiles
import GRDB
import Interactions

/// Reads a log from a table or view of an SQLite database, in the table's own order.
///
/// Line numbers are row numbers; the content fingerprint is over the wanted columns.
struct TableReader: EventReader {
  private static let batch = 65_536

  var assembler: EventAssembler
  let layout: LogLayout
  /// By selected column, the slot it goes to.
  private let slots: [Int]
  private let path: String
  private let total: Int
  private let cursor: RowCursor
  private var row = 0
  private var hash = SHA256()

  /// A reader of the table that `options` name, or of the only one.
  ///
  /// - Throws: `StoreError.noTable`, `LogError` about the columns, `DatabaseError`.
  init(_ db: Database, path: String, options: ReadingOptions, identifiers: KnownIdentifiers) throws {
    self.path = path
    let known = try String.fetchAll(
      db,
      sql: "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name")
    let requested = options.table ?? (known.count == 1 ? known[0] : nil)
    guard let table = requested, known.contains(table) else {
      throw StoreError.noTable(path: path, requested: options.table, known: known)
    }
    let name = "\(path), table \(table)"
    if try String.fetchOne(db, sql: "PRAGMA encoding") != "UTF-8" { throw StoreError.notUTF8(path: path) }
    let columns = try String.fetchAll(db, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table])
    let source = table.quotedForSQL
    total = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(source)") ?? 0
    let (sample, head) = try Self.sample(db, source, columns, total: total)
    let plan = try LogPlan(table: sample, headRows: head, names: columns, options: options, file: name)
    let wanted = plan.slots.enumerated().filter { $0.element >= 0 }
    layout = plan.layout
    slots = wanted.map(\.element)
    let list = wanted.map { Self.value(columns[$0.offset]) }.joined(separator: ", ")
    cursor = try Row.fetchCursor(db, sql: "SELECT \(list) FROM \(source)")
    assembler = EventAssembler(file: name, plan: plan, identifiers: identifiers)
  }

  /// Rows from the table's head, middle and tail, and how many of them are its first.
  private static func sample(
    _ db: Database, _ source: String, _ columns: [String], total: Int
  ) throws -> (rows: [[[UInt8]]], head: Int) {
    var rows: [[[UInt8]]] = []
    var head = 0
    let part = 500
    let list = columns.map(value).joined(separator: ", ")
    for start in Set([0, total / 2, total - part].filter { $0 >= 0 }).sorted() where start == 0 || start >= part {
      let cursor = try Row.fetchCursor(db, sql: "SELECT \(list) FROM \(source) LIMIT \(part) OFFSET \(start)")
      while let row = try cursor.next() { rows.append(columns.indices.map { bytes(row[$0]) }) }
      if start == 0 { head = rows.count }
    }
    return (rows, head)
  }

  var progress: ReadingProgress { ReadingProgress(rows: row, share: Double(row) / Double(max(1, total))) }

  var contentFingerprint: String { hash.hexadecimal() }

  mutating func readBatch() throws(LogError) -> Bool {
    var isAtEnd = false
    for _ in 0..<Self.batch {
      guard let values = try nextRow() else {
        isAtEnd = true
        break
      }
      row += 1
      var fields = RowFields()
      fields.line = row
      var text: [UInt8] = []
      for (index, slot) in slots.enumerated() {
        if !text.isEmpty { text.append(UInt8(ascii: ",")) }
        let start = text.count
        let value = Self.bytes(values[index])
        guard String(validating: value, as: UTF8.self) != nil else {
          throw .unreadable(
            file: assembler.file,
            reason:
              "the \(ColumnRole(slot: slot)?.rawValue ?? "value") of row \(row) is not UTF-8; write it again as UTF-8")
        }
        text.append(contentsOf: value)
        fields.fields[slot] = RowFields.Field(start..<text.count)
      }
      fields.range = 0..<text.count
      hash.update(text + [UInt8(ascii: "\n")])
      try assembler.add(text.span, fields)
    }
    return !(isAtEnd && assembler.events.count == 0 && assembler.badRows.isEmpty)
  }

  private func nextRow() throws(LogError) -> Row? {
    do {
      return try cursor.next()
    } catch {
      throw .unreadable(file: path, reason: (error as? DatabaseError)?.message ?? "\(error)")
    }
  }

  /// SQL for a value of `column` in which texts are bytes: as a text it would end at a byte of zero, and what is no UTF-8
  /// would be mended in silence.
  private static func value(_ column: String) -> String {
    let name = column.quotedForSQL
    return "CASE typeof(\(name)) WHEN 'text' THEN CAST(\(name) AS BLOB) WHEN 'blob' THEN NULL ELSE \(name) END"
  }

  /// A value as a text log would hold it; NULL and what was stored as a blob are empty.
  private static func bytes(_ value: DatabaseValue) -> [UInt8] {
    switch value.storage {
    case .int64(let number): Array(String(number).utf8)
    case .double(let number): Array(String(number).utf8)
    case .blob(let text): [UInt8](text)
    case .string, .null: []
    }
  }
}
