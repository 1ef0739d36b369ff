import NeuralNetwork
import Synchronization

/// Workspaces that scoring calls and micro-batches borrow and give back, so that many tasks can run at once and none
/// allocates twice; whoever asks gets the one that was given back last, which the caches still hold.
final class WorkspacePool: Sendable {
  private let configuration: EncoderConfiguration
  private let rows, negatives: Int
  private let free = Mutex<[BERTWorkspace]>([])

  /// - Parameters:
  ///   - rows: of a workspace at least. Memory that no row has touched costs nothing, so that there is room for all that
  ///     is encoded together.
  ///   - negatives: how many items a micro-batch draws; 0 where all are scored.
  init(_ configuration: EncoderConfiguration, rows: Int = HistoryEncoding.rowsTogether, negatives: Int = 0) {
    self.configuration = configuration
    self.rows = rows
    self.negatives = negatives
  }

  /// Runs `body` with a workspace for at least `rows` rows.
  func with<Result>(rows: Int, _ body: (BERTWorkspace) -> Result) -> Result {
    let found = free.withLock { spaces -> BERTWorkspace? in
      spaces.lastIndex { $0.rows >= rows }.map { spaces.remove(at: $0) }
    }
    let workspace = found ?? BERTWorkspace(configuration, rows: max(rows, self.rows), negatives: negatives)
    defer {
      free.withLock { spaces in
        if spaces.count < 16 { spaces.append(workspace) }
      }
    }
    return body(workspace)
  }
}
