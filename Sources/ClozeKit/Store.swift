import Foundation
import InteractionStore
import Interactions

/// One SQLite file that logs are imported into; a store that is killed while it is written is as it was before.
public struct Store: Sendable {
  let store: InteractionStore

  /// Opens the store at `url`; makes an empty one where there is none and `create` says so.
  public init(_ url: URL, create: Bool = false) throws(ClozeError) {
    do {
      store = try InteractionStore.open(url, creating: create)
    } catch {
      throw .log("\(error)")
    }
  }

  /// Appends the log file at `url`, whole or not at all.
  ///
  /// - Returns: the events the store holds then.
  @discardableResult public func importLog(_ url: URL) throws(ClozeError) -> Int {
    do {
      return try store.importLog(url.path).storeEvents
    } catch {
      throw .log("\(error)")
    }
  }

  /// Everything that was imported, as one log.
  public func log() throws(ClozeError) -> Log { try Log(store.url) }
}
