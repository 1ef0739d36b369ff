import Foundation
import Kernels
import NeuralNetwork
import SequentialModels

/// One stage of a training run: epochs of steps, validation, patience, and the best weights at its end.
struct StageRun: Sendable {
  let trainer: Trainer
  let stage: TrainingStage
  let index: Int
  /// The model under training; holds the best weights when the stage is over.
  let model: BERT4Rec
  /// On the learning rate, by tensor and row.
  let factors: LearningRateFactors

  private var parameters: ParameterVector { model.parameters }

  private func samples(_ epoch: Int) -> [TrainingSample] {
    EpochSamples.make(
      log: trainer.split.training, objectives: stage.objectives, positions: model.configuration.itemLimit,
      windows: stage.windows, seed: seed, epoch: epoch)
  }

  /// Each stage draws its own random numbers.
  private var seed: UInt64 { trainer.experiment.seed &* 0x9E37_79B9 &+ UInt64(index) }

  /// Trains until the epochs or the patience are used up, somebody asks to stop, or the loss is no number any more.
  ///
  /// - Parameter point: where an earlier attempt stood within this stage; nil to begin it.
  func train(_ outcome: inout TrainingOutcome, from point: TrainingPoint?) throws(TrainingError) {
    let first = samples(0)
    if first.isEmpty { throw .nothingToLearn }
    let judged = model.reading(attention: stage.attention, pooling: stage.pooling)
    let builder = SampleBuilder(
      log: trainer.split.training, vocabulary: trainer.vocabulary, configuration: judged.configuration,
      objectives: stage.objectives, loss: stage.loss, seed: seed)
    var step = TrainingStep(
      judged, builder, optimizer: stage.optimizer, factors: factors,
      microBatchRows: max(1_024, 2 * judged.configuration.positions))
    let stepsPerEpoch = (first.count + stage.batch - 1) / stage.batch
    trainer.observe(.stageBegan(stage, index: index, sequences: first.count))
    let best = parameters.copy()
    var patience = point?.patience ?? Patience(limit: stage.patience)
    var numbers = EpochNumbers(stepsPerEpoch: stepsPerEpoch, epochs: stage.epochs, goingOnFrom: point?.numbers)
    if let point { try restore(point, best, &step) }
    for epoch in (point?.epoch ?? 0)..<stage.epochs {
      if epoch != point?.epoch { numbers.begin() }
      let finished = outcome
      let stopped: Bool
      do {
        stopped = try runEpoch(epoch, epoch == 0 ? first : samples(epoch), &step, &numbers) {
          numbers, moments in
          (
            TrainingPoint(
              stage: index, epoch: epoch, numbers: numbers.soFar, patience: patience, optimizerSteps: moments.step,
              epochs: finished.epochs, seconds: finished.seconds, best: finished.best),
            TrainingVectors(parameters: parameters, best: best, moments: moments)
          )
        }
      } catch {
        parameters.all.assign(best.all)
        if outcome.epochs.isEmpty { throw error }
        outcome.failure = error
        return
      }
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

  /// Runs the steps of an epoch that are left, and says whether somebody asked to stop.
  private func runEpoch(
    _ epoch: Int, _ samples: [TrainingSample], _ step: inout TrainingStep,
    _ numbers: inout EpochNumbers, point: (EpochNumbers, AdamWMoments) -> (TrainingPoint, TrainingVectors)
  ) throws(TrainingError) -> Bool {
    var stops = false
    for start in stride(from: numbers.stepsInEpoch * stage.batch, to: samples.count, by: stage.batch) {
      let result = step.run(
        samples[start..<min(samples.count, start + stage.batch)], epoch: epoch,
        step: UInt64(numbers.steps), learningRate: stage.learningRate.rate(step: numbers.steps, of: numbers.allSteps),
        labelSmoothing: Float(stage.labelSmoothing))
      guard result.gradientNorm.isFinite, result.loss.isFinite else {
        throw .diverged(stage: stage.name, epoch: epoch + 1, step: numbers.stepsInEpoch + 1)
      }
      numbers.add(result)
      trainer.observe(
        .stepped(
          stage: stage.name, epoch: epoch + 1, done: Double(numbers.stepsInEpoch) / Double(numbers.stepsPerEpoch),
          loss: numbers.meanLoss, tokensPerSecond: numbers.tokensPerSecond))
      stops = trainer.shouldStop()
      do {
        try trainer.keeper?.keep(now: stops) { point(numbers, step.moments) }
      } catch {
        trainer.observe(.notKept(reason: "\(error)"))
      }
      if stops { break }
    }
    numbers.end()
    return stops
  }

  /// Takes the weights, the best ones and the optimiser's moments of an earlier attempt.
  private func restore(_ point: TrainingPoint, _ best: ParameterVector, _ step: inout TrainingStep)
    throws(TrainingError)
  {
    let moments = step.moments
    do {
      try trainer.keeper?.saved.read(into: TrainingVectors(parameters: parameters, best: best, moments: moments))
    } catch {
      throw .notRestored(error)
    }
    step.moments = AdamWMoments(first: moments.first, second: moments.second, step: point.optimizerSteps)
    trainer.observe(.wentOn(stage: stage.name, epoch: point.epoch + 1, step: point.numbers.stepsInEpoch))
  }
}
