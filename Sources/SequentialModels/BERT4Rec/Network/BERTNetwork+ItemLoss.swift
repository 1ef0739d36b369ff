import Kernels
import NeuralNetwork

extension BERTNetwork {
  /// The loss of the scored vectors against all items, or against those that the micro-batch drew.
  ///
  /// Overwrites `scoredGradient`, accumulates into the gradients of the item table and its bias.
  package func itemLoss(
    _ batch: MicroBatch, scored: Matrix, parameters: ParameterVector, gradients: ParameterVector,
    labelSmoothing: Float, scoredGradient: Matrix, workspace w: BERTWorkspace, pool: WorkStealingPool? = nil
  ) -> (loss: Double, correct: Int) {
    let (table, bias) = (encoder.embeddings.token, head.itemBias)
    guard let sampled = batch.sampled else {
      return ItemSoftmax.forwardBackward(
        hidden: scored, table: parameters[table], bias: parameters[bias], targets: batch.scoredTargets,
        weights: batch.scoredWeights, firstItem: 0, labelSmoothing: labelSmoothing, hiddenGradient: scoredGradient,
        tableGradient: gradients[table], biasGradient: gradients[bias], workspace: w.softmax,
        pool: pool)
    }
    let rows = sampled.items.rows
    let room = w.sampled.room(rows: rows.count, width: configuration.hidden)
    let result = sampled.loss.forwardBackward(
      hidden: scored, table: parameters[table], bias: parameters[bias], items: sampled.items,
      weights: batch.scoredWeights, hiddenGradient: scoredGradient, rowGradient: room.rowGradient,
      biasGradient: room.biasGradient, workspace: w.softmax)
    Rows.scatterAdd(room.rowGradient, rows, into: gradients[table])
    let biasGradient = gradients[bias]
    Rows.scatterAdd(
      room.biasGradient, rows, into: biasGradient.reshaped(rows: biasGradient.count, columns: 1))
    return result
  }
}

/// Room for the gradients of the item rows that a micro-batch drew.
struct SampledRoom: Sendable {
  private let rows, bias: Matrix

  /// For at most `targets` targets and `negatives` drawn items.
  init(targets: Int, negatives: Int, width: Int) {
    let count = negatives == 0 ? 0 : targets + negatives
    rows = Matrix(rows: count, columns: width)
    bias = Matrix(rows: count, columns: 1)
  }

  func room(rows count: Int, width: Int) -> (rowGradient: Matrix, biasGradient: Matrix) {
    (rows.prefix(count), bias.prefix(count))
  }
}
