import Interactions
import Recommending

/// A list that a caller requests from a service: after which history, and what it may contain.
package struct ListRequest: Sendable, Equatable {
  /// Whose history it is: that of a user of the store, or one that is given.
  package enum History: Sendable, Equatable {
    case user(Identifier)
    /// Oldest first.
    case items([Identifier])
  }

  package var history: History
  package var top: Int
  /// Whether the items of the history are left out.
  package var excludesSeen: Bool
  /// Items that this list must not contain.
  package var excluded: [Identifier]
  /// The only items it may contain; nil for all that the model knows.
  package var only: [Identifier]?
  /// At most this many items of one group.
  package var mostPerGroup: Int?
  package var probabilities: Bool

  package init(
    _ history: History, top: Int = 10, excludesSeen: Bool = false, excluded: [Identifier] = [],
    only: [Identifier]? = nil, mostPerGroup: Int? = nil, probabilities: Bool = false
  ) {
    (self.history, self.top, self.excludesSeen, self.excluded) = (history, top, excludesSeen, excluded)
    (self.only, self.mostPerGroup, self.probabilities) = (only, mostPerGroup, probabilities)
  }
}

/// A list, and what is to be said of the request.
package struct ListAnswer: Sendable {
  package var list: RankedList
  /// The model that made it, which names its items.
  package var model: ServedModel
  /// What the rows call the user: the user that was requested, or `history`.
  package var user: Identifier
  /// Ids of the request and of the history that the model does not know, each once; they were skipped.
  package var unknown: [Identifier]
}

/// A request in a model's items, ready to be answered together with others.
struct PreparedList: Sendable {
  /// What lists must have in common to be ranked in one pass.
  struct Kind: Sendable, Equatable {
    var model: ObjectIdentifier
    /// Which count of popular items.
    var popularity: Int
    var only: [Int32]?
    var rules: ListRules
  }

  var kind: Kind
  var base: TopKRecommender
  var request: RecommendationRequest

  /// The lists of `requests`, in order: one encoding for each model, one ranking for each kind.
  static func lists(_ requests: [PreparedList]) -> [RankedList] {
    var groups: [(first: PreparedList, members: [Int])] = []
    for (index, request) in requests.enumerated() {
      if let group = groups.lastIndex(where: { $0.first.kind == request.kind }) {
        groups[group].members.append(index)
      } else {
        groups.append((request, [index]))
      }
    }
    var lists = [RankedList?](repeating: nil, count: requests.count)
    var rest = groups[...]
    while let model = rest.first?.first.kind.model {
      let together = rest.filter { $0.first.kind.model == model }
      rest = rest.filter { $0.first.kind.model != model }[...]
      let calls = together.map { group in
        (recommender: group.first.recommender, requests: group.members.map { requests[$0].request })
      }
      for (group, answers) in zip(together, TopKRecommender.recommend(calls)) {
        for (member, list) in zip(group.members, answers) { lists[member] = list }
      }
    }
    return lists.map { $0! }
  }

  /// The recommender under the rules of this kind.
  var recommender: TopKRecommender {
    guard let only = kind.only else {
      var recommender = base
      recommender.rules = kind.rules
      return recommender
    }
    var allowed = [Bool](repeating: false, count: base.model.itemCount)
    for item in only { allowed[Int(item)] = true }
    return base.with(allowed: allowed, rules: kind.rules)
  }
}
