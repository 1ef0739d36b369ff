import GRDB

extension StoreMigrations {
  /// The log: ids, events, and where they came from.
  ///
  /// | table | a row is | columns |
  /// |---|---|---|
  /// | `users`, `items`, `groups` | an external id | `id` from 0 in the order of first appearance, `name` as written, each once (the importer sees to it) |
  /// | `imports` | an imported log | `file`, `fingerprint` (SHA-256 of its content), `imported_at` (ISO 8601), `first_event` and `events` (its rows in `events`), `report` (JSON) |
  /// | `events` | an event | `id` from 1 in the order of input, `user`, `item`, `time` (microseconds since 1970-01-01 UTC, or NULL), `group` (or NULL) |
  /// | `quarantine` | a row that was not used | `import`, `line`, `column` (both from 1), `reason`, `text` |
  static func createLogTables(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
        CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
        CREATE TABLE groups (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
        CREATE TABLE imports (
          id INTEGER PRIMARY KEY,
          file TEXT NOT NULL,
          fingerprint TEXT NOT NULL UNIQUE,
          imported_at TEXT NOT NULL,
          first_event INTEGER NOT NULL,
          events INTEGER NOT NULL,
          report TEXT NOT NULL
        );
        CREATE TABLE events (
          id INTEGER PRIMARY KEY,
          user INTEGER NOT NULL REFERENCES users (id),
          item INTEGER NOT NULL REFERENCES items (id),
          time INTEGER,
          "group" INTEGER REFERENCES groups (id)
        );
        CREATE TABLE quarantine (
          import INTEGER NOT NULL REFERENCES imports (id),
          line INTEGER NOT NULL,
          "column" INTEGER,
          reason TEXT NOT NULL,
          text TEXT NOT NULL
        );
        """)
  }
}
