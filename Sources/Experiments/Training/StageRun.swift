import Foundation
import Kernels
import NeuralNetwork
import SequentialModels

/// One stage of a training run: epochs of steps, validation, patience, and the best weights at its end.
struct StageRun: Sendable {
  let trainer: Trainer
  let stage: TrainingStage
  let index: Int
  let network: BERTNetwork
  /// Shared with the model under training; holds the best weights when the stage is over.
  let parameters: ParameterVector
  /// On the learning rate, by tensor and row.
  let factors: LearningRateFactors

  private func samples(_ epoch: Int) -> [TrainingSample] {
    EpochSamples.make(
      log: trainer.split.training, objectives: stage.objectives, positions: network.configuration.itemLimit,
      windows: stage.windows, seed: seed, epoch: epoch)
  }

  /// Each stage draws its own random numbers.
  private var seed: UInt64 { trainer.experiment.seed &* 0x9E37_79B9 &+ UInt64(index) }

  /// The model's sizes with what this stage sees and scores.
  private var configuration: BERTConfiguration {
    var configuration = network.configuration
    configuration.attention = stage.attention ?? configuration.attention
    configuration.pooling = stage.pooling ?? configuration.pooling
    return configuration
  }

  /// Trains until the epochs or the patience are used up, or somebody asks to stop.
  func train(_ outcome: inout TrainingOutcome) throws(TrainingError) {
    let first = samples(0)
    if first.isEmpty { throw .nothingToLearn }
    let configuration = configuration
    let judged = BERT4Rec(
      network: BERTNetwork(configuration), parameters: parameters, vocabulary: trainer.vocabulary,
      workers: trainer.workers)
    let builder = SampleBuilder(
      log: trainer.split.training, vocabulary: trainer.vocabulary, configuration: configuration,
      objectives: stage.objectives, loss: stage.loss, seed: seed)
    var step = TrainingStep(
      network: network, parameters: parameters, optimizer: stage.optimizer, factors: factors,
      loss: stage.loss,
      microBatchRows: max(1_024, 2 * network.configuration.positions),
      lanes: TrainingStep.lanes(for: network.layout), workers: trainer.workers, seed: seed)
    let stepsPerEpoch = (first.count + stage.batch - 1) / stage.batch
    trainer.observe(.stageBegan(stage, index: index, sequences: first.count))
    let best = parameters.copy()
    var patience = Patience(limit: stage.patience)
    var numbers = EpochNumbers(stepsPerEpoch: stepsPerEpoch, epochs: stage.epochs)
    for epoch in 0..<stage.epochs {
      do {
        try runEpoch(epoch, epoch == 0 ? first : samples(epoch), builder, &step, &numbers)
      } catch {
        parameters.all.assign(best.all)
        throw error
      }
      let stopped = trainer.shouldStop()
      let validates = (epoch + 1) % stage.validateEvery == 0 || epoch == stage.epochs - 1 || stopped
      let values = validates ? trainer.judge.measure(judged) : []
      let record = numbers.record(stage: stage.name, epoch: epoch, validation: values)
      outcome.epochs.append(record)
      outcome.seconds += record.seconds
      let isBest = trainer.judge.quality(of: values).map { patience.isBest($0, epoch: epoch) } ?? false
      if isBest { outcome.best = values }
      if isBest || (validates && values.isEmpty) { best.all.assign(parameters.all) }
      trainer.observe(.epochEnded(record, isBest: isBest, secondsLeft: numbers.secondsLeft(after: epoch)))
      outcome.wasInterrupted = stopped
      if stopped || patience.isOver { break }
    }
    if stage.epochs > 0 { parameters.all.assign(best.all) }
    trainer.observe(
      .stageEnded(name: stage.name, bestEpoch: patience.bestEpoch + 1, stoppedEarly: patience.isOver))
  }

  private func runEpoch(
    _ epoch: Int, _ samples: [TrainingSample], _ builder: SampleBuilder, _ step: inout TrainingStep,
    _ numbers: inout EpochNumbers
  ) throws(TrainingError) {
    numbers.begin()
    for (count, start) in stride(from: 0, to: samples.count, by: stage.batch).enumerated() {
      let result = step.run(
        samples[start..<min(samples.count, start + stage.batch)], builder: builder, epoch: epoch,
        step: UInt64(numbers.steps), learningRate: stage.learningRate.rate(step: numbers.steps, of: numbers.allSteps),
        labelSmoothing: Float(stage.labelSmoothing))
      guard result.gradientNorm.isFinite, result.loss.isFinite else {
        throw .diverged(stage: stage.name, epoch: epoch + 1, step: count + 1)
      }
      numbers.add(result)
      trainer.observe(
        .stepped(
          stage: stage.name, epoch: epoch + 1, done: Double(count + 1) / Double(numbers.stepsPerEpoch),
          loss: numbers.meanLoss, tokensPerSecond: numbers.tokensPerSecond))
      if trainer.shouldStop() { break }
    }
    numbers.end()
  }
}
