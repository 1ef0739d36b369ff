import Interactions

/// What to recommend for: a user's history, and what the list must not contain.
package struct RecommendationRequest: Sendable, Equatable {
  /// What the rows of the answer call the user.
  package var user: Identifier
  /// Items the model knows, oldest first.
  package var history: ArraySlice<ItemID>
  /// Items this list must not contain, in any order.
  package var excluded: [ItemID]

  package init(user: Identifier = "", history: ArraySlice<ItemID>, excluded: [ItemID] = []) {
    self.user = user
    self.history = history
    self.excluded = excluded
  }
}

/// Maps names of items to a model's items, and collects the names the model does not know.
package struct ItemMapper: Sendable {
  package let catalog: Catalog
  /// Names the catalog lacks, in the order of their first appearance.
  package private(set) var unknown = Catalog()

  package init(_ catalog: Catalog) { self.catalog = catalog }

  /// The items of `names` that the catalog has, in order.
  package mutating func map(_ names: [Identifier]) -> [ItemID] {
    var items: [ItemID] = []
    items.reserveCapacity(names.count)
    for name in names {
      if let index = catalog.index(of: name) {
        items.append(ItemID(index))
      } else {
        _ = unknown.insert(name)
      }
    }
    return items
  }
}
