import Evaluation
import Foundation
import InteractionStore

extension LogSource.Loaded {
  /// What records call the log that was loaded from `path`.
  func identity(of path: String) -> LogIdentity {
    LogIdentity(
      name: URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent, fingerprint: fingerprint,
      users: log.userCount, items: log.itemCount, interactions: log.eventCount)
  }
}
