import GRDB
import Interactions

/// What rows of numbers or names add up to: any single change of one of them changes the sum, so that bits which have
/// flipped on a disk are noticed. A sum over words, a few nanoseconds for an event; no protection against intent.
struct StoreChecksum: Equatable {
  private(set) var rows = 0
  private(set) var sum: UInt64 = 0

  init() {}

  /// Of all ids of a table.
  init(_ table: IdentifierTable) {
    for index in 0..<table.count { add(table.utf8(at: index)) }
  }

  private init(rows: Int, sum: UInt64) { (self.rows, self.sum) = (rows, sum) }

  /// Takes in the next word; for any word before, two different ones give two different sums.
  private mutating func add(_ word: UInt64) {
    sum = (sum ^ word) &* 0x9e37_79b9_7f4a_7c15
    sum ^= sum >> 32
  }

  /// Takes in the events at `range`.
  mutating func add(_ events: EventBatch, _ range: Range<Int>) {
    let columns = events.columns.present.compactMap { events.columns[$0] }
    for index in range {
      add(
        UInt64(UInt32(bitPattern: events.users[index].rawValue)) << 32
          | UInt64(UInt32(bitPattern: events.items[index].rawValue)))
      for column in columns { add(UInt64(bitPattern: column[index])) }
    }
    rows += range.count
  }

  /// Takes in a name.
  mutating func add(_ name: ArraySlice<UInt8>) {
    rows += 1
    var (word, count) = (UInt64(0), UInt64(0))
    for byte in name {
      word = word << 8 | UInt64(byte)
      count += 1
      if count % 8 == 0 {
        add(word)
        word = 0
      }
    }
    add(word)
    add(count)
  }

  /// Keeps the sum of `part` after the import `number`.
  func write(_ part: String, import number: Int, to db: Database) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO checksums (import, part, rows, sum) VALUES (?, ?, ?, ?)",
      arguments: [number, part, rows, Int64(bitPattern: sum)])
  }

  /// The sums of `part`, by their import; of names only the last counts. nil where the store has none yet.
  static func read(_ part: String, from db: Database) throws -> [(number: Int, checksum: StoreChecksum)]? {
    if try Row.fetchOne(db, sql: "SELECT 1 FROM sqlite_master WHERE name = 'checksums'") == nil { return nil }
    return try Row.fetchAll(
      db, sql: "SELECT import, rows, sum FROM checksums WHERE part = ? ORDER BY import", arguments: [part]
    ).map { row in
      let rows: Int = try row.value(1, "number of rows of a checksum")
      if !possibleRows.contains(rows) { throw StoreFault("a checksum is one of \(rows) rows") }
      let sum: Int64 = try row.value(2, "sum of a checksum")
      return (try row.value(0, "import of a checksum"), StoreChecksum(rows: rows, sum: UInt64(bitPattern: sum)))
    }
  }

  /// As many as SQLite can number, whatever the file says.
  private static let possibleRows = 0...1 << 48

  /// Adds up what a store holds that has no sums yet.
  static func addUp(_ db: Database) throws {
    let imports = try Row.fetchAll(db, sql: "SELECT id, events FROM imports ORDER BY id")
    if let row = try imports.first(where: { !possibleRows.contains(try $0.value(1, "number of events of an import")) })
    {
      throw StoreFault("import \(row[0] as Int) has \(row[1] as Int) events")
    }
    guard let last: Int = imports.last?[0] else { return }
    for name in IdentifierTables.Name.allCases {
      let table = try IdentifierTables.fetch(name, from: db)
      try StoreChecksum(table).write(name.rawValue, import: last, to: db)
    }
    var sums = try imports.map { row in
      (number: row[0] as Int, rows: try row.value(1, "number of events of an import") as Int, checksum: StoreChecksum())
    }[...]
    try EventTable.read(db) { events in
      var next = 0
      while next < events.count, let first = sums.first {
        let end = min(events.count, next + first.rows - first.checksum.rows)
        sums[sums.startIndex].checksum.add(events, next..<end)
        next = end
        if end == events.count { break }
        let whole = sums.removeFirst()
        try whole.checksum.write("events", import: whole.number, to: db)
      }
    }
    for left in sums { try left.checksum.write("events", import: left.number, to: db) }
  }
}
