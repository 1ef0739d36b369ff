import Interactions

/// A log in a model's items.
package struct CatalogMappedLog: Sendable {
  /// The histories, without items that the model does not know.
  package let log: InteractionLog
  /// Items of the log that the model does not know, in the order of their appearance.
  package let unknownItems: [Identifier]
  /// Of the whole log.
  package let fingerprint: String

  package init(_ log: InteractionLog, fingerprint: String, catalog: Catalog) {
    let (known, unknown) = log.renumbered(to: catalog)
    (self.log, self.fingerprint) = (known, fingerprint)
    unknownItems = unknown.map(\.item)
  }
}
