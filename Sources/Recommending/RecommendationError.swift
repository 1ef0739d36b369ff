import DurableFiles
import Interactions

/// Why a model cannot answer a request.
package enum RecommendationError: Error, Equatable, CustomStringConvertible {
  case noCandidates
  /// Ids that a request names and that the model or the log does not know; on a line of the histories where there is one.
  case unknownIDs(IDFinding, line: Int? = nil)
  case unknownItem(id: Identifier, suggestion: String?)
  case unknownUser(id: Identifier, log: String)
  /// A run that ended by a fault; the rows of so many users are kept.
  case unfinished(users: Int, reason: String)

  package var description: String {
    switch self {
    case .noCandidates:
      "the model knows none of the items that are left to choose from; look at the lists that name and exclude them"
    case .unknownIDs(let finding, let line):
      "\(line.map { "line \($0) of the histories: " } ?? "")\(finding.sentence): \(finding.suggestions); correct them, or skip them with --allow-unknown"
    case .unknownItem(let id, let suggestion):
      "the model knows no item \"\(id)\"\(suggestion.map { "; did you mean \"\($0)\"?" } ?? "; ids are those of the log that it was trained on")"
    case .unknownUser(let id, let log): "\(log) has no user \"\(id)\"; name one with events in it"
    case .unfinished(let users, let reason):
      "\(reason); the rows of \(Counted(users, "user")) are kept: the same command with --resume goes on"
    }
  }
}

extension Catalog {
  /// The index of an item that is known.
  ///
  /// - Throws: `RecommendationError.unknownItem` with the nearest id there is.
  package func knownIndex(of id: Identifier) throws(RecommendationError) -> Int {
    if let index = index(of: id) { return index }
    throw .unknownItem(id: id, suggestion: NearestName.suggestion(for: id.text, among: names.lazy.map(\.text)))
  }
}
