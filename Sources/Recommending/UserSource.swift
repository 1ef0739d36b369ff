import Interactions

/// The users of a run, one request each, in order and a batch at a time.
package protocol UserSource {
  /// How many users there are; nil where it shows only at the end.
  var count: Int? { get }
  /// Items of the histories so far that the model does not know, in the order of their appearance.
  var unknownItems: [Identifier] { get }
  /// The items the model knows.
  var known: Catalog { get }
  /// How often a user came who had come before.
  var repeated: Int { get }
  /// What decides which users come with which histories, for `RunIdentity`.
  var identity: [(name: String, value: String)] { get }
  /// The next requests, at most `most` of them; none at the end.
  mutating func next(_ most: Int) throws -> [RecommendationRequest]
}

/// All users of a log, or some that are named.
package struct LogUsers: UserSource {
  private let log: CatalogMappedLog
  /// nil: all users of the log.
  private let names: [Identifier]?
  private var position = 0

  package let repeated = 0
  package var unknownItems: [Identifier] { log.unknownItems }
  package var known: Catalog { log.log.items }
  package var count: Int? { names?.count ?? log.log.userCount }

  /// - Parameter names: the users to answer, in order; one that the log lacks has an empty history. nil for all.
  package init(_ log: CatalogMappedLog, names: [Identifier]? = nil) {
    self.log = log
    self.names = names
  }

  package var identity: [(name: String, value: String)] {
    [("log", log.fingerprint)] + (names.map { [("users", Fingerprint.of($0))] } ?? [])
  }

  /// The named users that the log lacks.
  package var findings: [IDFinding] {
    var findings: [IDFinding] = []
    findings.add(.user, (names ?? []).filter { log.log.users.index(of: $0) == nil }, known: log.log.users)
    return findings
  }

  package mutating func next(_ most: Int) -> [RecommendationRequest] {
    let range = position..<min(count ?? 0, position + most)
    position = range.upperBound
    return range.map { place in
      guard let name = names?[place] else {
        return RecommendationRequest(user: log.log.users[place], history: log.log.history(of: UserID(place)))
      }
      return RecommendationRequest(
        user: name, history: log.log.users.index(of: name).map { log.log.history(of: UserID($0)) } ?? [])
    }
  }
}

/// Histories that are given as names of items.
package struct GivenHistories: UserSource {
  private let requests: [RecommendationRequest]
  private var position = 0
  package let identity: [(name: String, value: String)]
  package let unknownItems: [Identifier]
  package let known: Catalog
  package let repeated = 0
  package var count: Int? { requests.count }

  /// One user per history; a single one is called `history`, several `history 1`, `history 2`, ….
  package init(_ histories: [[Identifier]], catalog: Catalog) {
    var mapper = ItemMapper(catalog)
    requests = histories.enumerated().map { index, names in
      RecommendationRequest(
        user: histories.count == 1 ? "history" : "history \(index + 1)", history: mapper.map(names)[...])
    }
    unknownItems = mapper.unknown.names
    known = catalog
    identity = histories.map { ("history", Fingerprint.of($0)) }
  }

  /// The ids of `text` between commas, without blanks around them; repetitions stay.
  package static func ids(_ text: String) -> [Identifier] {
    let blank = UInt8(ascii: " ")
    return text.utf8.split(separator: UInt8(ascii: ",")).compactMap { part in
      let start = part.drop { $0 == blank }
      let end = start.lastIndex { $0 != blank }
      return end.map { Identifier(Substring(start[...$0])) }
    }
  }

  package mutating func next(_ most: Int) -> [RecommendationRequest] {
    let batch = requests[position..<min(requests.count, position + most)]
    position += batch.count
    return Array(batch)
  }
}

extension UserSource {
  /// What is to be said of the histories so far.
  package var historyFindings: [IDFinding] {
    var findings: [IDFinding] = []
    findings.add(.historyItem, unknownItems, known: known)
    return findings
  }
}
