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
    // Memory that no row has touched costs nothing, so that there is room for all that is encoded together.
    let workspace = found ?? BERTWorkspace(configuration, rows: max(rows, HistoryEncoding.rowsTogether))
    body(workspace)
    free.withLock { spaces in
      if spaces.count < 16 { spaces.append(workspace) }
    }
  }
}
