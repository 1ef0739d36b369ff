import InteractionStore
import NeuralNetwork

/// How rows are written as text.
package struct RecommendationText: Sendable {
  package enum Format: Sendable {
    case csv, jsonLines

    /// By the ending of a path; nil where it is neither.
    package init?(path: String) {
      switch path.split(separator: ".").last?.lowercased() {
      case "csv": self = .csv
      case "jsonl", "ndjson": self = .jsonLines
      default: return nil
      }
    }
  }

  /// Columns that not every text has.
  package struct Columns: Sendable, Equatable {
    package var titles = false
    package var cold = false

    package init(titles: Bool = false, cold: Bool = false) {
      self.titles = titles
      self.cold = cold
    }
  }

  package let format: Format
  package let probabilities: Bool
  package let columns: Columns

  /// Whether texts in CSV get an apostrophe where spreadsheets would run them as formulas.
  package let guardsFormulas: Bool

  package init(
    format: Format, probabilities: Bool, columns: Columns = Columns(), guardsFormulas: Bool = false
  ) {
    self.format = format
    self.guardsFormulas = guardsFormulas
    self.probabilities = probabilities
    self.columns = columns
  }

  /// The lines of `rows`, under the titles where they are the first.
  package func of(_ rows: [RecommendationRow], isFirst: Bool) -> String {
    var text = ""
    switch format {
    case .csv:
      if isFirst {
        text = "user,rank,item,\(columns.titles ? "title," : "")score,\(probabilities ? "probability," : "")"
        text += "\(columns.cold ? "cold," : "")source\n"
      }
      for row in rows { appendCSV(row, to: &text) }
    case .jsonLines:
      for row in rows { appendJSON(row, to: &text) }
    }
    return text
  }

  private func appendCSV(_ row: RecommendationRow, to text: inout String) {
    func value(_ number: (some CustomStringConvertible)?) -> String { number?.description ?? "" }
    func id(_ text: String) -> String { CSVField.quote(text, guarded: guardsFormulas) }
    text += "\(id(row.user)),\(value(row.rank)),\(id(row.item ?? "")),"
    if columns.titles { text += "\(id(row.title ?? ""))," }
    text += "\(value(row.score)),"
    if probabilities { text += "\(value(row.probability))," }
    if columns.cold { text += "\(value(row.isCold))," }
    text += "\(CSVField.quote(row.source))\n"
  }

  private func appendJSON(_ row: RecommendationRow, to text: inout String) {
    text += "{\"user\":\(JSONString.quote(row.user))"
    if let rank = row.rank { text += ",\"rank\":\(rank)" }
    if let item = row.item { text += ",\"item\":\(JSONString.quote(item))" }
    if let title = row.title { text += ",\"title\":\(JSONString.quote(title))" }
    // JSON has no infinities.
    if let score = row.score { text += ",\"score\":\(score.isFinite ? "\(score)" : "null")" }
    if let share = row.probability { text += ",\"probability\":\(share.isFinite ? "\(share)" : "null")" }
    if let isCold = row.isCold { text += ",\"cold\":\(isCold)" }
    text += ",\"source\":\(JSONString.quote(row.source))}\n"
  }
}
