import GRDB

extension StoreMigrations {
  /// What was computed from the log.
  ///
  /// | table | a row is | columns |
  /// |---|---|---|
  /// | `runs` | a training, an evaluation or a scoring | `name`, `kind`, `started_at`, `finished_at` (ISO 8601), `fingerprint` (of the log), `record` (JSON) |
  /// | `recommendation_tables` | a table of recommendations, see `RecommendationTable` | `name`, `request` (what was asked), `done` (people whose rows are written) |
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
        CREATE TABLE recommendation_tables (
          name TEXT PRIMARY KEY,
          request TEXT NOT NULL,
          done INTEGER NOT NULL
        );
        """)
  }
}
