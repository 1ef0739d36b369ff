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

  package let format: Format
  package let probabilities: Bool

  /// Whether ids in CSV get an apostrophe where spreadsheets would run them as formulas.
  package let guardsFormulas: Bool

  package init(format: Format, probabilities: Bool, guardsFormulas: Bool = false) {
    self.format = format
    self.guardsFormulas = guardsFormulas
    self.probabilities = probabilities
  }

  /// The lines of `rows`, under the titles where they are the first.
  package func of(_ rows: [RecommendationRow], isFirst: Bool) -> String {
    var text = ""
    switch format {
    case .csv:
      if isFirst { text = "user,rank,item,score,\(probabilities ? "probability," : "")source\n" }
      for row in rows { appendCSV(row, to: &text) }
    case .jsonLines:
      for row in rows { appendJSON(row, to: &text) }
    }
    return text
  }

  private func appendCSV(_ row: RecommendationRow, to text: inout String) {
    func value(_ number: (some CustomStringConvertible)?) -> String { number?.description ?? "" }
    func id(_ text: String) -> String { CSVField.quote(text, guarded: guardsFormulas) }
    text += "\(id(row.user)),\(value(row.rank)),\(id(row.item ?? "")),\(value(row.score)),"
    if probabilities { text += "\(value(row.probability))," }
    text += "\(CSVField.quote(row.source))\n"
  }

  private func appendJSON(_ row: RecommendationRow, to text: inout String) {
    text += "{\"user\":\(JSONString.quote(row.user))"
    if let rank = row.rank { text += ",\"rank\":\(rank)" }
    if let item = row.item { text += ",\"item\":\(JSONString.quote(item))" }
    // JSON has no infinities.
    if let score = row.score { text += ",\"score\":\(score.isFinite ? "\(score)" : "null")" }
    if let share = row.probability { text += ",\"probability\":\(share.isFinite ? "\(share)" : "null")" }
    text += ",\"source\":\(JSONString.quote(row.source))}\n"
  }
}
