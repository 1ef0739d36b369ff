import Synchronization

/// Workspaces that scoring calls borrow and give back, so that many tasks can score at once and none allocates twice.
final class WorkspacePool: Sendable {
  private let configuration: BERTConfiguration
  private let free = Mutex<[BERTWorkspace]>([])

  init(_ configuration: BERTConfiguration) { self.configuration = configuration }

  /// Runs `body` with a workspace for at least `rows` rows.
  func with(rows: Int, _ body: (BERTWorkspace) -> Void) {
    let found = free.withLock { spaces -> BERTWorkspace? in
      spaces.firstIndex { $0.rows >= rows }.map { spaces.remove(at: $0) }
    }
    // Sizes in steps of 64 rows, so that histories of nearly the same length share.
    let workspace = found ?? BERTWorkspace(configuration, rows: (rows + 63) / 64 * 64)
    body(workspace)
    free.withLock { spaces in
      if spaces.count < 16 { spaces.append(workspace) }
    }
  }
}
