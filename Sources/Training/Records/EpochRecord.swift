import Evaluation

/// What one pass over the training sequences did.
package struct EpochRecord: Codable, Sendable, Equatable {
  /// The stage it belongs to: `pretrain`, `tune`.
  package var stage: String
  /// Counted from 1 within the stage.
  package var epoch: Int
  /// Mean loss per target, in nats.
  package var loss: Double
  package var seconds: Double
  package var tokensPerSecond: Double
  /// The share of training pairs whose second segment was told rightly from a stranger's; nil where none was asked.
  package var nextSegmentAccuracy: Double?
  /// Figures on the validation users; empty for an epoch after which nothing was evaluated.
  package var validation: [MeasuredValue]

  package init(
    stage: String, epoch: Int, loss: Double, seconds: Double, tokensPerSecond: Double,
    nextSegmentAccuracy: Double? = nil, validation: [MeasuredValue] = []
  ) {
    self.stage = stage
    self.epoch = epoch
    self.loss = loss
    self.seconds = seconds
    self.tokensPerSecond = tokensPerSecond
    self.nextSegmentAccuracy = nextSegmentAccuracy
    self.validation = validation
  }
}
