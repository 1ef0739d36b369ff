import Evaluation
import Kernels
import NeuralNetwork
import SequentialModels

/// A stage that trains an encoder on the histories of a log by its objectives.
struct ItemStage: StageWork {
  private let trainer: Trainer
  private let stage: TrainingStage
  /// The model under training.
  private let model: BERT4Rec
  /// On the same parameters, as this stage reads it.
  private let validated: BERT4Rec
  /// Each stage draws its own random numbers.
  private let seed: UInt64
  private var step: TrainingStep

  /// - Parameter factors: on the learning rate, by tensor and row.
  init(_ trainer: Trainer, _ stage: TrainingStage, index: Int, model: BERT4Rec, factors: LearningRateFactors) {
    (self.trainer, self.stage, self.model) = (trainer, stage, model)
    seed = trainer.experiment.seed(ofStage: index)
    validated = model.reading(attention: stage.attention, pooling: stage.pooling)
    let builder = SampleBuilder(
      log: trainer.split.training, vocabulary: trainer.vocabulary, configuration: validated.configuration,
      objectives: stage.objectives, loss: stage.loss, futureTargets: stage.futureTargets, seed: seed)
    step = TrainingStep(
      validated, builder, optimizer: stage.optimizer, factors: factors,
      microBatchRows: max(1_024, 2 * validated.configuration.positions), shards: trainer.experiment.gradientShards,
      processes: trainer.processes)
  }

  var parameters: ParameterVector { model.parameters }

  var moments: AdamWMoments {
    get { step.moments }
    set { step.moments = newValue }
  }

  func collectMoments() { step.collectMoments() }

  func samples(epoch: Int) -> [TrainingSample] {
    EpochSamples.make(
      log: trainer.split.training, objectives: stage.objectives, positions: model.configuration.itemLimit,
      windows: stage.windows, seed: seed, epoch: epoch)
  }

  mutating func run(
    _ samples: ArraySlice<TrainingSample>, epoch: Int, step number: UInt64, learningRate: Double
  ) -> TrainingStep.Result {
    step.run(
      samples, epoch: epoch, step: number, learningRate: learningRate, labelSmoothing: Float(stage.labelSmoothing))
  }

  func prepareToRead() { model.network.makeTable(parameters, workers: model.workers) }

  func measure(until isOver: @Sendable () -> Bool) -> [MeasuredValue]? {
    trainer.validator.measure(validated, metric: stage.metric, until: isOver)
  }

  func quality(of values: [MeasuredValue]) -> Double? {
    trainer.validator.quality(of: values, metric: stage.metric)
  }
}

extension Experiment {
  /// What the stage at `index` draws its random numbers from.
  func seed(ofStage index: Int) -> UInt64 { seed &* 0x9E37_79B9 &+ UInt64(index) }
}
