/// The formats of logs, by the names that `--format` takes.
package enum LogFormat: String, Codable, CaseIterable, Sendable {
  /// Values separated by commas (also `;` or `|`), quoted after RFC 4180.
  case csv
  /// Values separated by tabs, quoted as in CSV.
  case tsv
  /// Values separated by `::`, without header, as in MovieLens 1M.
  case movielens
  /// One JSON object per line.
  case jsonl
  /// RecBole's atomic file `.inter`: tabs, and a header of `name:type`.
  case recbole
  /// `user item` per line, separated by blanks; the order of the file is the order of events.
  case plain
  /// A table of an SQLite database.
  case sqlite

  package var title: String {
    switch self {
    case .csv: "CSV"
    case .tsv: "TSV"
    case .movielens: "MovieLens '::'"
    case .jsonl: "JSON lines"
    case .recbole: "RecBole .inter"
    case .plain: "plain user item"
    case .sqlite: "SQLite table"
    }
  }
}
