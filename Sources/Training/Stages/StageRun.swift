import Collectives
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

  /// Trains until the epochs or the patience are used up, a stop is requested, or the loss is no number any more. A
  /// schedule with a plateau falls from the best weights when the patience is used up, and the stage ends with the fall.
  ///
  /// - Parameter state: where an earlier attempt stood within this stage; nil to begin it.
  func train(_ outcome: inout TrainingOutcome, from state: TrainingState?) throws(TrainingError) {
    let first = samples(0)
    if first.isEmpty { throw .nothingToLearn }
    let validated = model.reading(attention: stage.attention, pooling: stage.pooling)
    let builder = SampleBuilder(
      log: trainer.split.training, vocabulary: trainer.vocabulary, configuration: validated.configuration,
      objectives: stage.objectives, loss: stage.loss, seed: seed)
    var step = TrainingStep(
      validated, builder, optimizer: stage.optimizer, factors: factors,
      microBatchRows: max(1_024, 2 * validated.configuration.positions),
      shards: trainer.experiment.gradientShards, processes: trainer.processes)
    let stepsPerEpoch = (first.count + stage.batch - 1) / stage.batch
    trainer.observe(.stageBegan(stage, index: index, sequences: first.count))
    let best = parameters.copy()
    var patience = state?.patience ?? Patience(limit: stage.patience)
    var end = StageEnd(stage, fall: state?.fall)
    var totals = EpochTotals(stepsPerEpoch: stepsPerEpoch, epochs: stage.epochs, resumingFrom: state?.sums)
    if let state { try restore(state, best, &step) }
    var epoch = state?.epoch ?? 0
    while epoch < end.epochs {
      defer { epoch += 1 }
      if epoch != state?.epoch { totals.begin() }
      let (finished, fall) = (outcome, end.fall)
      let stopped: Bool
      do {
        stopped = try trainEpoch(epoch, epoch == 0 ? first : samples(epoch), fall, &step, &totals) {
          totals, moments in
          (
            TrainingState(
              stage: index, epoch: epoch, sums: totals.soFar, patience: patience, fall: fall,
              optimizerSteps: moments.step, epochs: finished.epochs, costs: finished.costs, best: finished.best),
            TrainingVectors(parameters: parameters, best: best, moments: moments)
          )
        }
        model.network.makeTable(parameters, workers: model.workers)
      } catch {
        parameters.all.assign(best.all)
        if outcome.epochs.isEmpty { throw error }
        outcome.failure = error
        return
      }
      let validates = (epoch + 1) % stage.validateEvery == 0 || end.validates(after: epoch) || stopped
      let values = validates ? trainer.validator.measure(validated, metric: stage.metric) : []
      let (record, cost) = totals.finish(stage: stage.name, epoch: epoch, validation: values)
      outcome.epochs.append(record)
      outcome.costs.append(cost)
      let isBest =
        trainer.validator.quality(of: values, metric: stage.metric).map { patience.isBest($0, epoch: epoch) } ?? false
      if isBest { outcome.best = values }
      if isBest || (validates && values.isEmpty) { best.all.assign(parameters.all) }
      let left = totals.secondsLeft(after: epoch, of: end.epochs)
      trainer.observe(.epochEnded(record, cost, isBest: isBest, secondsLeft: left))
      outcome.wasInterrupted = stopped
      if stopped || end.stops(patience) { break }
      if end.fallBegins(after: epoch, patience) {
        parameters.all.assign(best.all)
        trainer.observe(.fallBegan(stage: stage.name, best: patience.bestEpoch + 1, epochs: end.epochs - epoch - 1))
      }
    }
    if stage.epochs > 0 { parameters.all.assign(best.all) }
    trainer.observe(
      .stageEnded(name: stage.name, bestEpoch: patience.bestEpoch + 1, stoppedEarly: end.stops(patience)))
  }

  /// Takes the steps of an epoch that are left, and says whether a stop was requested.
  private func trainEpoch(
    _ epoch: Int, _ samples: [TrainingSample], _ fall: Range<Int>?, _ step: inout TrainingStep,
    _ totals: inout EpochTotals, state: (EpochTotals, AdamWMoments) -> (TrainingState, TrainingVectors)
  ) throws(TrainingError) -> Bool {
    var stops = false
    let fall = fall.map { $0.lowerBound * totals.stepsPerEpoch..<$0.upperBound * totals.stepsPerEpoch }
    for start in stride(from: totals.stepsInEpoch * stage.batch, to: samples.count, by: stage.batch) {
      let result = step.run(
        samples[start..<min(samples.count, start + stage.batch)], epoch: epoch,
        step: UInt64(totals.steps),
        learningRate: stage.learningRate.rate(step: totals.steps, of: totals.allSteps, fall: fall),
        labelSmoothing: Float(stage.labelSmoothing))
      guard result.gradientNorm.isFinite, result.loss.isFinite else {
        throw .diverged(stage: stage.name, epoch: epoch + 1, step: totals.stepsInEpoch + 1)
      }
      totals.add(result)
      trainer.observe(
        .stepped(
          stage: stage.name, epoch: epoch + 1, done: Double(totals.stepsInEpoch) / Double(totals.stepsPerEpoch),
          loss: totals.meanLoss, tokensPerSecond: totals.tokensPerSecond))
      // The first process keeps the checkpoints; a stop that any of them is told of stops all after the same step.
      let agreed = trainer.processes.any([trainer.shouldStop(), trainer.checkpoints?.isDue ?? false])
      stops = agreed[0]
      if stops || agreed[1] {
        step.collectMoments()
        do {
          try trainer.checkpoints?.write(now: true) { state(totals, step.moments) }
        } catch {
          trainer.observe(.checkpointFailed(reason: "\(error)"))
        }
      }
      if stops {
        trainer.observe(.stopping)
        break
      }
    }
    totals.end()
    return stops
  }

  /// Takes the weights, the best ones and the optimizer's moments of an earlier attempt.
  private func restore(_ state: TrainingState, _ best: ParameterVector, _ step: inout TrainingStep)
    throws(TrainingError)
  {
    // Of the moments a process keeps its slice, so the other processes take them in through vectors of their own.
    let isFirst = trainer.processes.rank == 0
    let moments =
      isFirst
      ? step.moments
      : AdamWMoments(first: ParameterVector(parameters.layout), second: ParameterVector(parameters.layout), step: 0)
    do {
      try trainer.checkpoints?.checkpoint.read(
        into: TrainingVectors(parameters: parameters, best: best, moments: moments))
    } catch {
      throw .notRestored(error)
    }
    for vector in [parameters, best, moments.first, moments.second] { trainer.processes.broadcast(vector.all) }
    step.moments = AdamWMoments(first: moments.first, second: moments.second, step: state.optimizerSteps)
    trainer.observe(.resumed(stage: stage.name, epoch: state.epoch + 1, step: state.sums.stepsInEpoch))
  }
}
