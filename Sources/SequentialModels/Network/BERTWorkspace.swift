import Kernels
import NeuralNetwork
import Synchronization

/// What one micro-batch needs besides parameters and gradients, allocated once from the sizes: a step allocates nothing.
package struct BERTWorkspace: Sendable {
  package let rows: Int
  package let encoder: EncoderWorkspace
  let headInput, inputGradient, hiddenGradient: Matrix
  let head: HeadActivations
  let first, firstGradient: Matrix
  let nextSegment: NextSegmentActivations
  let softmax: Matrix
  let pooling: PoolingWorkspace
  /// The gradients of the item rows and biases that a micro-batch drew.
  let sampledRows, sampledBias: Matrix

  /// - Parameter negatives: how many items a micro-batch draws; 0 where all are scored.
  package init(_ configuration: EncoderConfiguration, rows: Int, negatives: Int = 0) {
    self.rows = rows
    let d = configuration.hidden
    encoder = EncoderWorkspace(configuration, rows: rows, longestSequence: rows)
    headInput = Matrix(rows: rows, columns: d)
    inputGradient = Matrix(rows: rows, columns: d)
    hiddenGradient = Matrix(rows: rows, columns: d)
    head = HeadActivations(configuration, rows: rows)
    let sequences = configuration.nextSegmentHead ? rows : 1
    first = Matrix(rows: sequences, columns: d)
    firstGradient = Matrix(rows: sequences, columns: d)
    nextSegment = NextSegmentActivations(configuration, rows: sequences)
    pooling = PoolingWorkspace(configuration, rows: rows)
    let sampled = negatives == 0 ? 0 : rows + negatives
    sampledRows = Matrix(rows: sampled, columns: d)
    sampledBias = Matrix(rows: sampled, columns: 1)
    let numbers =
      negatives == 0
      ? ItemSoftmax.workspaceCount(targets: rows, items: configuration.vocabularySize, width: d)
      : SampledLoss.workspaceCount(targets: rows, negatives: negatives, width: d)
    softmax = Matrix(rows: 1, columns: numbers)
  }

  /// The next-segment logits of the last forward pass, `[sequences, 2]`.
  package func nextSegmentLogits(_ sequences: Int) -> Matrix { nextSegment.logits(sequences) }

  /// The hidden states after the embeddings (0) or after block `index − 1`, as the last forward pass left them.
  package func hiddenState(_ index: Int, rows: Int) -> Matrix { encoder.hiddenState(index, rows: rows) }
}

/// Workspaces that scoring calls and micro-batches borrow and give back, so that many tasks can run at once and none
/// allocates twice; the next task gets the one that was given back last, which the caches still hold.
final class WorkspacePool: Sendable {
  private let configuration: EncoderConfiguration
  private let rows, negatives: Int
  private let free = Mutex<[BERTWorkspace]>([])

  /// - Parameters:
  ///   - rows: of a workspace at least. Memory that no row was written to costs nothing, so that a workspace has rows for
  ///     all that is encoded together.
  ///   - negatives: how many items a micro-batch draws; 0 where all are scored.
  init(_ configuration: EncoderConfiguration, rows: Int = HistoryEncoding.rowsTogether, negatives: Int = 0) {
    self.configuration = configuration
    self.rows = rows
    self.negatives = negatives
  }

  /// Runs `body` with a workspace for at least `rows` rows.
  func with<Result>(rows: Int, _ body: (BERTWorkspace) -> Result) -> Result {
    let found = free.withLock { free -> BERTWorkspace? in
      free.lastIndex { $0.rows >= rows }.map { free.remove(at: $0) }
    }
    let workspace = found ?? BERTWorkspace(configuration, rows: max(rows, self.rows), negatives: negatives)
    defer {
      free.withLock { free in
        if free.count < 16 { free.append(workspace) }
      }
    }
    return body(workspace)
  }
}
