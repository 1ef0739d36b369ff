import Foundation
import InteractionStore
import Interactions

/// Everybody's history: a log file, or what a store holds.
public struct Log: Sendable {
  let log: InteractionLog
  let fingerprint: String
  let provenance: LogProvenance
  let name: String

  /// Reads the log at `url`: a file in any format that `cloze check` reads, or a store.
  public init(_ url: URL) throws(ClozeError) {
    do {
      let source = try LogSource.load(url.path)
      (log, fingerprint, provenance) = (source.log, source.fingerprint, source.provenance)
    } catch {
      throw .log("\(error)")
    }
    name = url.deletingPathExtension().lastPathComponent
  }

  public var users: [String] { log.users.names.map(\.text) }
  public var items: [String] { log.items.names.map(\.text) }
  /// The number of events.
  public var count: Int { log.eventCount }

  /// The items of `user`, oldest first; nil where the log has no such user.
  public func history(of user: String) -> [String]? {
    log.users.index(of: user).map { log.history(of: UserID($0)).map { log.items[$0.index].text } }
  }
}
