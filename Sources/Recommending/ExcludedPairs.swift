import Interactions

/// Pairs of user and item not to recommend.
package struct ExcludedPairs: Sendable {
  /// The users of the pairs.
  private var users = Catalog()
  /// By user, the items the model knows.
  private var items: [[ItemID]] = []
  private var mapper: ItemMapper

  /// The pairs in the items of `catalog`.
  package init(_ pairs: some Sequence<(user: Identifier, item: Identifier)>, catalog: Catalog) {
    mapper = ItemMapper(catalog)
    for (user, item) in pairs {
      let user = users.insert(user)
      if user == items.count { items.append([]) }
      items[user] += mapper.map([item])
    }
  }

  /// The items that `user` must not get.
  package func items(of user: Identifier) -> [ItemID] { users.index(of: user).map { items[$0] } ?? [] }

  /// What is to be said of the ids.
  ///
  /// - Parameter known: the users of the log whose users are answered, if there is one.
  package func findings(users known: Catalog?) -> [IDFinding] {
    var findings: [IDFinding] = []
    findings.add(.excludedPairItem, mapper.unknown.names, known: mapper.catalog)
    if let known {
      findings.add(.excludedPairUser, users.names.filter { known.index(of: $0) == nil }, known: known)
    }
    return findings
  }

  var fingerprint: String {
    Fingerprint.of(users.names) + Fingerprint.of(items.lazy.flatMap { $0.map(\.rawValue) + [-1] })
  }
}
