import GRDB

extension StoreMigrations {
  /// What was computed from the log.
  ///
  /// | table | a row is | columns |
  /// |---|---|---|
  /// | `runs` | a training, an evaluation or a scoring | `name`, `kind`, `started_at`, `finished_at` (ISO 8601), `fingerprint` (of the log), `record` (JSON) |
  /// | `recommendations` | one recommended item | `run`, `user` (as asked for), `rank` from 1, `item`, `score`, `source` (model, popular, …) |
  static func createResultTables(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE runs (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL,
          kind TEXT NOT NULL,
          started_at TEXT NOT NULL,
          finished_at TEXT,
          fingerprint TEXT NOT NULL,
          record TEXT NOT NULL
        );
        CREATE TABLE recommendations (
          run INTEGER NOT NULL REFERENCES runs (id),
          user TEXT NOT NULL,
          rank INTEGER NOT NULL,
          item TEXT NOT NULL,
          score REAL NOT NULL,
          source TEXT NOT NULL,
          PRIMARY KEY (run, user, rank)
        ) WITHOUT ROWID;
        """)
  }
}
