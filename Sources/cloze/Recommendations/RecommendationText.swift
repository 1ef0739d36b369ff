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
    text += "\(Self.csv(row.user)),\(value(row.rank)),\(Self.csv(row.item ?? "")),\(value(row.score)),"
    if probabilities { text += "\(value(row.probability))," }
    text += "\(Self.csv(row.source))\n"
  }

  private func appendJSON(_ row: RecommendationRow, to text: inout String) {
    text += "{\"user\":\(Self.json(row.user))"
    if let rank = row.rank { text += ",\"rank\":\(rank)" }
    if let item = row.item { text += ",\"item\":\(Self.json(item))" }
    // JSON has no infinities.
    if let score = row.score { text += ",\"score\":\(score.isFinite ? "\(score)" : "null")" }
    if let share = row.probability { text += ",\"probability\":\(share.isFinite ? "\(share)" : "null")" }
    text += ",\"source\":\(Self.json(row.source))}\n"
  }

  /// A field as RFC 4180 has it.
  static func csv(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { $0 != 0x2C && $0 != 0x22 && $0 != 0x0A && $0 != 0x0D }
    return plain ? text : "\"\(text.replacing("\"", with: "\"\""))\""
  }

  /// A JSON string.
  static func json(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
