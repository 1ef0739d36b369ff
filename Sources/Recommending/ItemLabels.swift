import DurableFiles
import Interactions
import Items

/// What rows say of an item beside its id: its title, and whether the model has had no event of it.
package struct ItemLabels: Sendable, Equatable {
  /// By item of the model; nil where rows have no titles.
  package let titles: [String?]?
  /// By item of the model; nil where rows do not say.
  package let isCold: [Bool]?

  package init(titles: [String?]? = nil, isCold: [Bool]? = nil) {
    self.titles = titles
    self.isCold = isCold
  }

  /// The titles that `table` has for the items of `catalog`.
  package init(_ table: ItemTable, for catalog: Catalog, isCold: [Bool]? = nil) {
    titles = catalog.names.map { table.title(of: $0) }
    self.isCold = isCold
  }

  /// Rows say nothing beside ids.
  package static let none = ItemLabels()

  package func title(of item: Int) -> String? { titles?[item] }

  /// The columns of texts.
  package var columns: RecommendationText.Columns {
    RecommendationText.Columns(titles: titles != nil, cold: isCold != nil)
  }

  /// What tells these labels from others.
  var fingerprint: String? {
    if titles == nil, isCold == nil { return nil }
    var hash = SHA256()
    for title in titles ?? [] { hash.update(Array("\(title ?? "")\n".utf8)) }
    for cold in isCold ?? [] { hash.update(integer: cold ? 1 : 0) }
    return hash.hexadecimal()
  }
}
