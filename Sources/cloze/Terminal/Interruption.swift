import Foundation
import Synchronization

/// Ctrl-C, and the system's request to stop, as a flag that long loops poll.
package enum Interruption {
  private static let flag = Atomic<Bool>(false)

  /// From now on the first SIGINT or SIGTERM only raises the flag; the second ends the process at once.
  package static func watch() {
    _ = requested
    let handler: @convention(c) (Int32) -> Void = { _ in
      Interruption.flag.store(true, ordering: .relaxed)
      signal(SIGINT, SIG_DFL)
      signal(SIGTERM, SIG_DFL)
    }
    signal(SIGINT, handler)
    signal(SIGTERM, handler)
  }

  /// Whether somebody asked to stop.
  package static var requested: Bool { flag.load(ordering: .relaxed) }
}
