import Interactions

/// Ids of one kind that a request named and that could not be used as named, or that need a word.
package struct IDFinding: Sendable, Equatable {
  package enum Kind: Sendable {
    // Unknown to the log or the model.
    case user, candidate, excludedItem, excludedPairItem, excludedPairUser, groupedItem, historyItem, similarItem
    // Known, and said because something follows from it.
    case itemOfSeveralGroups, itemWithoutGroup, itemWithoutNeighbors
  }

  package let kind: Kind
  /// In the order of their first appearance.
  package let ids: [Identifier]
  /// The ids among which the nearest is looked for; nil where these ids are known.
  package let known: Catalog?

  package init(_ kind: Kind, _ ids: [Identifier], known: Catalog? = nil) {
    self.kind = kind
    self.ids = ids
    self.known = known
  }

  /// What the ids are, for a row of a file of ids: `item to exclude`.
  package var label: String { kind.texts.label }

  /// What is to be said of the ids, in front of their list: `12 items to exclude are unknown to the model`.
  package var sentence: String { "\(ids.count) \(ids.count == 1 ? kind.texts.one : kind.texts.many)" }

  /// Whether the ids are unknown items, with which nothing can be done but to skip them.
  package var isSkipped: Bool { known != nil && kind != .user && kind != .excludedPairUser }

  /// The first of the ids, each with the nearest that is known: `"a" (did you mean "b"?), "c" and 9 more`.
  package var suggestions: String {
    let shown = ids.prefix(3).map { id in
      let nearest = known.flatMap { NearestName.suggestion(for: id.text, among: $0.names.lazy.map(\.text)) }
      return "\"\(id)\"" + (nearest.map { " (did you mean \"\($0)\"?)" } ?? "")
    }
    return shown.joined(separator: ", ") + (ids.count > 3 ? " and \(ids.count - 3) more" : "")
  }
}

extension IDFinding.Kind {
  fileprivate var texts: (label: String, one: String, many: String) {
    switch self {
    case .user: ("user", "user is not in the log", "users are not in the log")
    case .candidate: unknown("item to choose from", "items to choose from")
    case .excludedItem: unknown("item to exclude", "items to exclude")
    case .excludedPairItem: unknown("item of --exclude-for", "items of --exclude-for")
    case .excludedPairUser:
      ("user of --exclude-for", "user of --exclude-for is not in the log", "users of --exclude-for are not in the log")
    case .groupedItem: unknown("item of --groups", "items of --groups")
    case .historyItem: unknown("item of a history", "items of the histories")
    case .similarItem: unknown("item", "items")
    case .itemOfSeveralGroups:
      (
        "item of several groups", "item has several groups; the last one counts",
        "items have several groups; the last one counts"
      )
    case .itemWithoutGroup:
      ("item without a group", "item has no group and is not limited", "items have no group and are not limited")
    case .itemWithoutNeighbors:
      ("item without another", "item has no other item to choose from", "items have no other item to choose from")
    }
  }

  private func unknown(_ one: String, _ many: String) -> (label: String, one: String, many: String) {
    (one, "\(one) is unknown to the model", "\(many) are unknown to the model")
  }
}

extension [IDFinding] {
  /// Appends a finding where it has ids.
  mutating func add(_ kind: IDFinding.Kind, _ ids: [Identifier], known: Catalog? = nil) {
    if !ids.isEmpty { append(IDFinding(kind, ids, known: known)) }
  }
}
