import DurableFiles
import Interactions

/// What an import added to a store.
package struct ImportReceipt: Codable, Sendable, Equatable {
  /// The number of the import in the store, from 1.
  package let number: Int
  package let store: String
  /// What the store holds now.
  package let storeEvents: Int
  package let storeUsers: Int
  package let storeItems: Int
  package let report: ReadingSummary
}

extension ImportReceipt: CustomStringConvertible {
  /// The report on the log, and what the store holds now.
  package var description: String {
    """
    \(report.description)
    import \(number) into \(store): it now holds \(Counted(storeEvents, "event")) of \
    \(Counted(storeUsers, "user")) and \(Counted(storeItems, "item"))
    """
  }
}
