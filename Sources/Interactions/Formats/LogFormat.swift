/// The formats of logs, by the names that `--format` takes.
package enum LogFormat: String, Codable, CaseIterable, Sendable {
  /// Values separated by commas (also `;` or `|`), quoted after RFC 4180.
  case csv
  /// Values separated by tabs.
  case tsv
  /// Values separated by `::`, without header, as in MovieLens 1M.
  case movielens
  /// One JSON object or array per line.
  case jsonl
  /// One JSON array of objects or arrays.
  case json
  /// RecBole's atomic file `.inter`: tabs, and a header of `name:type`.
  case recbole
  /// `user item` per line, separated by blanks; the order of the file is the order of events.
  case plain
  /// `user item item …` per line.
  case sequences
  /// A table of an SQLite database.
  case sqlite

  package var title: String {
    switch self {
    case .csv: "CSV"
    case .tsv: "TSV"
    case .movielens: "MovieLens '::'"
    case .jsonl: "JSON lines"
    case .json: "a JSON array"
    case .recbole: "RecBole .inter"
    case .plain: "columns between blanks"
    case .sequences: "one line of items per user"
    case .sqlite: "SQLite table"
    }
  }
}
