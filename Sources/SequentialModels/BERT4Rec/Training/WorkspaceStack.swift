import Synchronization

/// Room for one micro-batch per thread; whoever begins one gets the room that was left last, which the caches still hold.
final class WorkspaceStack: Sendable {
  private let free: Mutex<[BERTWorkspace]>

  init(_ count: Int, _ make: () -> BERTWorkspace) { free = Mutex((0..<count).map { _ in make() }) }

  /// Runs `body` with a room of its own; no more callers at a time than there are rooms.
  func with<Result: Sendable>(_ body: (BERTWorkspace) -> Result) -> Result {
    guard let workspace = free.withLock({ $0.popLast() }) else { preconditionFailure("more threads than rooms") }
    defer { free.withLock { $0.append(workspace) } }
    return body(workspace)
  }
}
