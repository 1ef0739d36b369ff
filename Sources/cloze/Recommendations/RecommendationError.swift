/// What keeps a model from recommending as asked.
enum RecommendationError: Error, Equatable, CustomStringConvertible {
  case unreadable(file: String)
  case badHistory(file: String, line: Int, text: String)
  case otherLog(model: String, differences: [String])
  case noCandidates
  case unknownItem(name: String, suggestion: String?)
  case unknownUser(name: String, log: String)

  var description: String {
    switch self {
    case .unreadable(let file): "cannot read \(file); check the path and its permissions"
    case .badHistory(let file, let line, let text):
      "\(file), line \(line): \"\(text)\" is no history; expected {\"user\": \"…\", \"items\": [\"…\", …]}"
    case .otherLog(let model, let differences):
      "\(model) was trained on another log: \(differences.joined(separator: "; ")); train again, or go on with --force"
    case .noCandidates:
      "the model knows none of the items that are left to choose from; look at the lists that name and exclude them"
    case .unknownItem(let name, let suggestion):
      "the model knows no item \"\(name)\"\(suggestion.map { "; did you mean \"\($0)\"?" } ?? "; ids are those of the log it was trained on")"
    case .unknownUser(let name, let log): "\(log) has no user \"\(name)\"; name one with events in it"
    }
  }
}
