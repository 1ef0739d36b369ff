import GRDB

/// How a store becomes what this version of the program expects: every step once, in order, never changed afterwards.
///
/// | table | a row is | columns |
/// |---|---|---|
/// | `users`, `items`, `groups` | an external id | `id` from 0 without gaps, in the order of first appearance, `name` as written, each once (the importer sees to it) |
/// | `imports` | an imported log | `file`, `fingerprint` (SHA-256 of its content), `imported_at` (ISO 8601), `first_event` and `events` (its rows in `events`), `report` (JSON) |
/// | `events` | an event | `id` from 1 in the order of input, `user`, `item`, `time` (microseconds since 1970-01-01 UTC, or NULL), `group` (or NULL) |
/// | `quarantine` | a row that was not used | `import`, `line`, `column` (both from 1), `reason`, `text`, `file` (of an import of several; NULL for the only one) |
/// | `checksums` | what a part of the store adds up to after an import, see `StoreChecksum` | `import`, `part` (`events` of that import; all `users`, `items` or `groups` so far), `rows`, `sum` |
/// | `item_table` | the item file that was imported last, see `replaceItems` | `file`, `fingerprint`, `imported_at`, `columns` (JSON: what they are), `summary` (JSON), `sum` (of columns and rows; NULL before format 6) |
/// | `item_rows` | what is known of an item, with or without events | `name`, `title`, `fields` (JSON: a value per column) |
/// | `text_vectors` | what an encoder has made of a text, see `TextVectorTable` | `encoder`, `text` (their SHA-256), `vector` (32-bit floats, little-endian), `sum` |
/// | `runs` | a training, see `RunTable` | `name`, `kind`, `started_at`, `finished_at` (ISO 8601), `fingerprint` (of the log), `record` (JSON) |
/// | `recommendation_tables` | a table of recommendations, see `RecommendationTable` | `name`, `request`, `done` (users whose rows are written), `owner` (who writes it) |
enum StoreSchema {
  private static let steps: [(name: String, change: @Sendable (Database) throws -> Void)] = [
    ("1 log", createLog), ("2 results", createResults), ("3 strict", makeStrict), ("4 items", createItems),
    ("5 files", nameFiles), ("6 item sums", sumItems), ("7 text vectors", createTextVectors),
  ]

  /// Whether every step was taken.
  ///
  /// - Throws: `StoreError.newer` where the store has steps that this version does not know; `DatabaseError`.
  static func isComplete(_ db: Database, path: String) throws -> Bool {
    let done = try done(db)
    if !done.isSubset(of: steps.map(\.name)) { throw StoreError.newer(path: path) }
    return done.count == steps.count
  }

  /// Takes the steps that are missing, all or none, and marks the file as a store.
  static func complete(_ db: Database) throws {
    // Tables are replaced by others of the same name, which is no reference that dangles.
    try db.execute(sql: "PRAGMA foreign_keys = OFF")
    defer { try? db.execute(sql: "PRAGMA foreign_keys = ON") }
    try db.inTransaction(.immediate) {
      // Another process may have been quicker.
      let done = try done(db)
      try db.execute(sql: "PRAGMA application_id = \(InteractionStore.applicationID)")
      try db.execute(sql: "CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
      for step in steps where !done.contains(step.name) {
        try step.change(db)
        try db.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: [step.name])
      }
      return .commit
    }
  }

  private static func done(_ db: Database) throws -> Set<String> {
    let table = try Row.fetchOne(db, sql: "SELECT 1 FROM sqlite_master WHERE name = 'grdb_migrations'")
    return table == nil ? [] : Set(try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations"))
  }

  private static func createLog(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
        CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
        CREATE TABLE groups (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
        CREATE TABLE imports (
          id INTEGER PRIMARY KEY, file TEXT NOT NULL, fingerprint TEXT NOT NULL UNIQUE, imported_at TEXT NOT NULL,
          first_event INTEGER NOT NULL, events INTEGER NOT NULL, report TEXT NOT NULL);
        CREATE TABLE events (
          id INTEGER PRIMARY KEY, user INTEGER NOT NULL REFERENCES users (id),
          item INTEGER NOT NULL REFERENCES items (id), time INTEGER, "group" INTEGER REFERENCES groups (id));
        CREATE TABLE quarantine (
          import INTEGER NOT NULL REFERENCES imports (id), line INTEGER NOT NULL, "column" INTEGER,
          reason TEXT NOT NULL, text TEXT NOT NULL);
        """)
  }

  private static func createResults(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE runs (
          id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT,
          fingerprint TEXT NOT NULL, record TEXT NOT NULL);
        CREATE TABLE recommendation_tables (
          name TEXT PRIMARY KEY, request TEXT NOT NULL, done INTEGER NOT NULL);
        """)
  }

  /// Rebuilds the tables so that SQLite refuses values of another type or out of range, and adds the checksums of what is
  /// there.
  private static func makeStrict(_ db: Database) throws {
    try rebuild("users", "id INTEGER PRIMARY KEY CHECK (id >= 0), name TEXT NOT NULL", in: db)
    try rebuild("items", "id INTEGER PRIMARY KEY CHECK (id >= 0), name TEXT NOT NULL", in: db)
    try rebuild("groups", "id INTEGER PRIMARY KEY CHECK (id >= 0), name TEXT NOT NULL", in: db)
    try rebuild(
      "imports",
      """
      id INTEGER PRIMARY KEY CHECK (id > 0), file TEXT NOT NULL, fingerprint TEXT NOT NULL UNIQUE,
      imported_at TEXT NOT NULL, first_event INTEGER NOT NULL CHECK (first_event > 0),
      events INTEGER NOT NULL CHECK (events >= 0), report TEXT NOT NULL CHECK (json_valid(report))
      """, in: db)
    try rebuild(
      "events",
      """
      id INTEGER PRIMARY KEY CHECK (id > 0), user INTEGER NOT NULL REFERENCES users (id),
      item INTEGER NOT NULL REFERENCES items (id), time INTEGER, "group" INTEGER REFERENCES groups (id)
      """, in: db)
    try rebuild(
      "quarantine",
      """
      import INTEGER NOT NULL REFERENCES imports (id) DEFERRABLE INITIALLY DEFERRED,
      line INTEGER NOT NULL CHECK (line > 0), "column" INTEGER CHECK ("column" > 0), reason TEXT NOT NULL,
      text TEXT NOT NULL
      """, in: db)
    try rebuild(
      "runs",
      """
      id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT,
      fingerprint TEXT NOT NULL, record TEXT NOT NULL CHECK (json_valid(record))
      """, in: db)
    try rebuild(
      "recommendation_tables",
      """
      name TEXT PRIMARY KEY COLLATE NOCASE, request TEXT NOT NULL, done INTEGER NOT NULL CHECK (done >= 0), owner TEXT
      """, in: db)
    try db.execute(
      sql: """
        CREATE TABLE checksums (
          import INTEGER NOT NULL REFERENCES imports (id) DEFERRABLE INITIALLY DEFERRED, part TEXT NOT NULL,
          rows INTEGER NOT NULL CHECK (rows >= 0), sum INTEGER NOT NULL, PRIMARY KEY (import, part)
        ) STRICT, WITHOUT ROWID;
        """)
    try StoreChecksum.addUp(db)
  }

  private static func createItems(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE item_table (
          id INTEGER PRIMARY KEY CHECK (id = 1), file TEXT NOT NULL, fingerprint TEXT NOT NULL,
          imported_at TEXT NOT NULL, columns TEXT NOT NULL CHECK (json_valid(columns)),
          summary TEXT NOT NULL CHECK (json_valid(summary))
        ) STRICT;
        CREATE TABLE item_rows (
          id INTEGER PRIMARY KEY CHECK (id >= 0), name TEXT NOT NULL, title TEXT,
          fields TEXT NOT NULL CHECK (json_valid(fields))
        ) STRICT;
        """)
  }

  private static func nameFiles(_ db: Database) throws {
    try db.execute(sql: "ALTER TABLE quarantine ADD COLUMN file TEXT")
  }

  /// What items have been told before has no sum, until it is imported again.
  private static func sumItems(_ db: Database) throws {
    try db.execute(sql: "ALTER TABLE item_table ADD COLUMN sum INTEGER")
  }

  private static func createTextVectors(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE text_vectors (
          encoder TEXT NOT NULL, text TEXT NOT NULL, vector BLOB NOT NULL, sum INTEGER NOT NULL,
          PRIMARY KEY (encoder, text)
        ) STRICT, WITHOUT ROWID;
        """)
  }

  /// Gives the table other columns, the first of which take over those it has.
  private static func rebuild(_ table: String, _ columns: String, in db: Database) throws {
    let names = try String.fetchAll(db, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table])
    let list = names.map(\.quotedForSQL).joined(separator: ", ")
    try db.execute(
      sql: """
        CREATE TABLE "\(table) (strict)" (\(columns)) STRICT;
        INSERT INTO "\(table) (strict)" (\(list)) SELECT \(list) FROM \(table) ORDER BY rowid;
        DROP TABLE \(table);
        ALTER TABLE "\(table) (strict)" RENAME TO \(table);
        """)
  }
}

extension String {
  /// The name as SQL has it, with its own quotes doubled.
  var quotedForSQL: String { "\"\(replacing("\"", with: "\"\""))\"" }
}
