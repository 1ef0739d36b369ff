import Foundation
import Interactions
import Items

/// Wherever what is known of items comes from: an item file, or the store that holds the log.
package enum ItemSource {
  /// The item table of `file`, or the one that the store at `log` has; nil where neither is there.
  ///
  /// - Parameter file: an item file, or a store into which one was imported.
  /// - Throws: `ItemError` or `StoreError`.
  package static func load(_ file: String?, log: String?, options: ItemTable.Options = .init()) throws -> ItemTable? {
    if let file {
      guard InteractionStore.isStore(file) else { return try ItemTable.read(file, options: options) }
      guard let table = try InteractionStore.open(URL(fileURLWithPath: file)).items() else {
        throw StoreError.noItems(path: file)
      }
      return table
    }
    guard let log, InteractionStore.isStore(log) else { return nil }
    return try InteractionStore.open(URL(fileURLWithPath: log)).items()
  }
}
