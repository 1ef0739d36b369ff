import NeuralNetwork
import RankingMetrics
import SequentialModels

/// One stage of training: what it trains, for how long, how fast, and when to stop.
package struct TrainingStage: Codable, Sendable, Equatable {
  /// What progress and records call it: `pretrain`, `tune`.
  package var name: String
  package var objectives: Objectives
  /// All items beside each target, or a few drawn ones.
  package var loss: ItemLoss
  /// What items see of their history in this stage; nil for what the model's own configuration says.
  package var attention: EncoderConfiguration.AttentionSpan?
  /// Which row's state is scored in this stage, `tail` or `last`; nil for the model's own pooling.
  package var pooling: Pooling?
  package var epochs: Int
  /// Sequences per optimiser step.
  package var batch: Int
  package var learningRate: LearningRateSchedule
  /// Factors on the learning rate by group; 0 freezes.
  package var rates: GroupRates
  package var optimizer: AdamWConfiguration
  package var labelSmoothing: Double
  /// Which positions name later items than the next; nil for none.
  package var futureTargets: FutureTargets?
  package var windows: EpochSamples.Windows
  /// Epochs between evaluations on the validation users.
  package var validateEvery: Int
  /// The stage ends after so many evaluations without a better `metric`; 0 runs all epochs.
  package var patience: Int
  /// The figure on the validation users that chooses the weights; nil for NDCG@10.
  package var metric: MetricKey?

  package init(
    name: String, objectives: Objectives, loss: ItemLoss = ItemLoss(),
    attention: EncoderConfiguration.AttentionSpan? = nil, pooling: Pooling? = nil, epochs: Int = 100, batch: Int = 128,
    learningRate: LearningRateSchedule = LearningRateSchedule(), rates: GroupRates = GroupRates(),
    optimizer: AdamWConfiguration = AdamWConfiguration(),
    labelSmoothing: Double = 0, futureTargets: FutureTargets? = nil, windows: EpochSamples.Windows = .recent,
    validateEvery: Int = 1, patience: Int = 20,
    metric: MetricKey? = nil
  ) {
    self.name = name
    self.objectives = objectives
    self.loss = loss
    self.attention = attention
    self.pooling = pooling
    self.epochs = epochs
    self.batch = batch
    self.learningRate = learningRate
    self.rates = rates
    self.optimizer = optimizer
    self.labelSmoothing = labelSmoothing
    self.futureTargets = futureTargets
    self.windows = windows
    self.validateEvery = validateEvery
    self.patience = patience
    self.metric = metric
  }
}
