import Kernels
import NeuralNetwork

/// A lane's room for one micro-batch, made once from the sizes; a step allocates nothing in it.
package struct BERTWorkspace: Sendable {
  package let rows: Int
  package let encoder: EncoderWorkspace
  let headInput, inputGradient, hiddenGradient: Matrix
  let head: HeadActivations
  let first, firstGradient: Matrix
  let nextSegment: NextSegmentActivations
  let softmax: Matrix
  let pooling: PoolingWorkspace
  let sampled: SampledRoom

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
    sampled = SampledRoom(targets: rows, negatives: negatives, width: d)
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
