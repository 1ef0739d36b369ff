import Foundation
import GRDB
import Interactions

/// The table `runs`: what was trained and evaluated on the store's log, for any SQL tool.
///
///     SELECT name, json_extract(record, '$.cost.trainingSeconds') FROM runs WHERE kind = 'comparison'
package struct RunTable: Sendable {
  package struct Row: Sendable, Equatable {
    package var name: String
    /// `training` or `comparison`.
    package var kind: String
    package var startedAt: Date
    package var finishedAt: Date
    /// Of the log.
    package var fingerprint: String
    /// JSON.
    package var record: String

    package init(name: String, kind: String, startedAt: Date, finishedAt: Date, fingerprint: String, record: String) {
      self.name = name
      self.kind = kind
      self.startedAt = startedAt
      self.finishedAt = finishedAt
      self.fingerprint = fingerprint
      self.record = record
    }
  }

  private let store: InteractionStore

  package init(_ store: InteractionStore) { self.store = store }

  /// - Throws: `StoreError`.
  package func append(_ row: Row) throws(StoreError) {
    do {
      try store.write { db in
        try db.execute(
          sql: """
            INSERT INTO runs (name, kind, started_at, finished_at, fingerprint, record) VALUES (?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            row.name, row.kind, row.startedAt.formatted(.iso8601), row.finishedAt.formatted(.iso8601),
            row.fingerprint, row.record,
          ])
      }
    } catch {
      throw StoreError(error, path: store.url.path)
    }
  }

  /// All rows, oldest first.
  ///
  /// - Throws: `StoreError`.
  package func rows() throws(StoreError) -> [Row] {
    try store.read { db in
      let columns = "id, name, kind, started_at, finished_at, fingerprint, record"
      return try GRDB.Row.fetchAll(db, sql: "SELECT \(columns) FROM runs ORDER BY id").map { row in
        func text(_ index: Int, _ what: String) throws(StoreFault) -> String {
          try row.value(index, "\(what) of a run")
        }
        func date(_ index: Int, _ what: String) throws(StoreFault) -> Date {
          let text = try text(index, what)
          guard let date = try? Date(text, strategy: .iso8601) else {
            throw StoreFault("the \(what) of a run is \(text)")
          }
          return date
        }
        return try Row(
          name: text(1, "name"), kind: text(2, "kind"), startedAt: date(3, "begin"), finishedAt: date(4, "end"),
          fingerprint: text(5, "fingerprint"), record: text(6, "record"))
      }
    }
  }
}

extension LogSource {
  /// The runs of the store at `path`; nil where a log file was given.
  ///
  /// - Throws: `StoreError`.
  package static func runs(at path: String, options: ReadingOptions = .init()) throws(StoreError) -> RunTable? {
    try store(at: path, options).map(RunTable.init)
  }
}
