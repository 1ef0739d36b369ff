import NeuralNetwork

/// How rows are written as text.
struct RecommendationText {
  enum Format {
    case csv, jsonLines

    /// By the ending of a path; nil where it is neither.
    init?(path: String) {
      switch path.split(separator: ".").last?.lowercased() {
      case "csv": self = .csv
      case "jsonl", "ndjson": self = .jsonLines
      default: return nil
      }
    }
  }

  let format: Format
  let probabilities: Bool

  /// The rows of `people`; the titles before those of the first.
  func of(_ rows: [RecommendationRow], people: Range<Int>) -> String {
    var text = ""
    switch format {
    case .csv:
      if people.lowerBound == 0 { text = "user,rank,item,score,\(probabilities ? "probability," : "")source\n" }
      for row in rows { appendCSV(row, to: &text) }
    case .jsonLines:
      for row in rows { appendJSON(row, to: &text) }
    }
    return text
  }

  private func appendCSV(_ row: RecommendationRow, to text: inout String) {
    func value(_ number: (some CustomStringConvertible)?) -> String { number?.description ?? "" }
    text += "\(CSVField.quote(row.user)),\(value(row.rank)),\(CSVField.quote(row.item ?? "")),\(value(row.score)),"
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
