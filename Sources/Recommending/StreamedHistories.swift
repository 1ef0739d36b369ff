import Foundation
import Interactions

/// Users as they come in: lines `{"user": "…", "items": ["…", …]}` of a file or of standard input, oldest item first.
package struct StreamedHistories: UserSource {
  package let count: Int? = nil
  package var unknownItems: [Identifier] { mapper.unknown.names }
  package var known: Catalog { mapper.catalog }
  package private(set) var repeated = 0
  package let identity: [(name: String, value: String)]
  private let allowsUnknown: Bool
  /// Hashes of the ids that came, so that ten million users take megabytes.
  private var seen = Set<Int>()
  private var mapper: ItemMapper
  private var lines: HistoryLines

  /// Opens the file at `path`, or standard input where it is `-`.
  ///
  /// - Parameter allowsUnknown: whether items that the model does not know are skipped instead of refused.
  package init(_ path: String, catalog: Catalog, allowsUnknown: Bool) throws(ListError) {
    mapper = ItemMapper(catalog)
    self.allowsUnknown = allowsUnknown
    identity = [("histories", path == "-" ? "-" : Fingerprint.ofFile(URL(fileURLWithPath: path)))]
    lines = try HistoryLines(path, option: "--histories")
  }

  /// - Throws: `ListError` for a line that is no history, `RecommendationError.unknownIDs`.
  package mutating func next(_ most: Int) throws -> [RecommendationRequest] {
    var requests: [RecommendationRequest] = []
    while requests.count < most, let line = try lines.next() {
      if !seen.insert(line.user.hashValue).inserted { repeated += 1 }
      requests.append(RecommendationRequest(user: line.user, history: mapper.map(line.items)[...]))
      if !allowsUnknown, mapper.unknown.count > 0 {
        throw RecommendationError.unknownIDs(historyFindings[0], line: line.line)
      }
    }
    return requests
  }
}
