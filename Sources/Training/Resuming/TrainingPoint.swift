import Evaluation
import NeuralNetwork

/// Where a training stands between two steps: with its vectors, all that the rest of it depends on.
package struct TrainingPoint: Codable, Sendable, Equatable {
  /// The stage and the epoch under way, from 0.
  package var stage: Int
  package var epoch: Int
  var numbers: EpochNumbers.Account
  var patience: Patience
  var optimizerSteps: Int
  /// What the run had found before: finished epochs, their seconds, and the figures of the best weights.
  var epochs: [EpochRecord]
  var seconds: Double
  var best: [MeasuredValue]
}

/// The vectors that belong to a point: the weights, the best ones so far, and what the optimiser has gathered.
struct TrainingVectors: Sendable {
  let parameters, best: ParameterVector
  let moments: AdamWMoments
}
