import Collectives
import Evaluation
import Foundation
import Kernels
import NeuralNetwork
import SequentialModels
import Synchronization

/// What a stage does to a model of one kind: its samples, a step of the optimizer over some of them, its validation.
protocol StageWork: Sendable {
  associatedtype Sample: Sendable
  /// Hold the best weights when the stage is over.
  var parameters: ParameterVector { get }
  var moments: AdamWMoments { get set }
  func samples(epoch: Int) -> [Sample]
  /// Updates the parameters once.
  mutating func run(_ samples: ArraySlice<Sample>, epoch: Int, step: UInt64, learningRate: Double)
    -> TrainingStep.Result
  /// Fills `moments` in process 0; all processes call it.
  func collectMoments()
  /// The parameters have changed and are about to be read.
  func prepareToRead()
  /// The figures on what is held out; empty where nothing is, nil where `isOver` ended it early.
  func measure(until isOver: @Sendable () -> Bool) -> [MeasuredValue]?
  /// What is to increase; nil where nothing was measured.
  func quality(of values: [MeasuredValue]) -> Double?
}

extension StageWork {
  func collectMoments() {}
  func prepareToRead() {}
}

/// Who else trains, where it is kept, who stops it, and who is told: the same in all stages.
struct TrainingControl: Sendable {
  var processes: any Processes = OneProcess()
  /// Where the item table is spread over the processes.
  var items: ItemShards?
  /// nil where nothing is kept, and in all processes but the first.
  var checkpoints: CheckpointWriter?
  var shouldStop: @Sendable () -> Bool
  var deadline: StopDeadline
  var observe: @Sendable (TrainingEvent) -> Void = { _ in }
}

/// How long a validation may still take once a stop is requested, so that one of seconds ends and one of minutes is left.
final class StopDeadline: Sendable {
  private let grace: Duration
  private let shouldStop: @Sendable () -> Bool
  /// When the request was first seen.
  private let request = Mutex<ContinuousClock.Instant?>(nil)

  init(grace: Duration = .seconds(1), _ shouldStop: @escaping @Sendable () -> Bool) {
    (self.grace, self.shouldStop) = (grace, shouldStop)
  }

  var hasPassed: Bool {
    if !shouldStop() { return false }
    let now = ContinuousClock.now
    return request.withLock { request in
      let first = request ?? now
      request = first
      return now - first >= grace
    }
  }
}

/// One stage of a training run: epochs of steps, validation, patience, and the best weights at its end.
struct StageRun<Work: StageWork>: Sendable {
  let control: TrainingControl
  let stage: TrainingStage
  let index: Int

  /// Trains until the epochs or the patience are used up, a stop is requested, or the loss is no number any more. A
  /// schedule with a plateau falls from the best weights when the patience is used up, and the stage ends with the fall.
  ///
  /// - Parameter state: where an earlier attempt stood within this stage; nil to begin it.
  func train(
    _ work: Work, _ outcome: inout TrainingHistory, from state: TrainingState?
  ) throws(TrainingError) {
    var work = work
    let parameters = work.parameters
    let first = work.samples(epoch: 0)
    if first.isEmpty { throw .nothingToLearn }
    let stepsPerEpoch = (first.count + stage.batch - 1) / stage.batch
    control.observe(.stageBegan(stage, index: index, sequences: first.count))
    let best = parameters.copy()
    var patience = state?.patience ?? Patience(limit: stage.patience)
    var end = StageEnd(stage, fall: state?.fall)
    var totals = EpochTotals(stepsPerEpoch: stepsPerEpoch, epochs: stage.epochs, resumingFrom: state?.sums)
    if let state { try restore(state, best, &work) }
    var epoch = state?.epoch ?? 0
    while epoch < end.epochs {
      defer { epoch += 1 }
      if epoch != state?.epoch { totals.begin() }
      let (finished, fall, waited) = (outcome, end.fall, patience)
      func keep(_ totals: EpochTotals, _ work: Work) {
        save {
          (
            TrainingState(
              stage: index, epoch: epoch, sums: totals.soFar, patience: waited, fall: fall,
              optimizerSteps: work.moments.step, epochs: finished.epochs, costs: finished.costs, best: finished.best),
            TrainingVectors(parameters: parameters, best: best, moments: work.moments)
          )
        } collecting: {
          work.collectMoments()
        }
      }
      let stopped: Bool
      do {
        stopped = try trainEpoch(
          epoch, epoch == 0 ? first : work.samples(epoch: epoch), fall, &work, &totals, keep: keep)
        work.prepareToRead()
      } catch {
        parameters.assign(best)
        if outcome.epochs.isEmpty { throw error }
        outcome.failure = error
        return
      }
      let validates = (epoch + 1) % stage.validateEvery == 0 || end.validates(after: epoch) || stopped
      let measured = validates ? work.measure(until: { [deadline = control.deadline] in deadline.hasPassed }) : []
      let isUnfinished = control.processes.any([measured == nil])[0]
      if isUnfinished {
        // Resumed, the epoch is validated.
        if !stopped { keep(totals, work) }
        control.observe(.validationEnded(keepsLast: patience.bestEpoch < 0))
        if patience.bestEpoch < 0 {
          best.assign(parameters)
          outcome.best = []
        }
      }
      let values = isUnfinished ? [] : measured ?? []
      let (record, cost) = totals.finish(stage: stage.name, epoch: epoch, validation: values)
      outcome.epochs.append(record)
      outcome.costs.append(cost)
      let isBest = work.quality(of: values).map { patience.isBest($0, epoch: epoch) } ?? false
      if isBest { outcome.best = values }
      if isBest || (validates && values.isEmpty && !isUnfinished) { best.assign(parameters) }
      let left = totals.secondsLeft(after: epoch, of: end.epochs)
      control.observe(.epochEnded(record, cost, isBest: isBest, secondsLeft: left))
      outcome.wasInterrupted = stopped || isUnfinished
      if outcome.wasInterrupted || end.stops(patience) { break }
      if end.fallBegins(after: epoch, patience) {
        parameters.assign(best)
        control.observe(.fallBegan(stage: stage.name, best: patience.bestEpoch + 1, epochs: end.epochs - epoch - 1))
      }
    }
    if stage.epochs > 0 { parameters.assign(best) }
    control.observe(
      .stageEnded(name: stage.name, bestEpoch: patience.bestEpoch + 1, stoppedEarly: end.stops(patience)))
  }

  /// Takes the steps of an epoch that are left, and says whether a stop was requested.
  private func trainEpoch(
    _ epoch: Int, _ samples: [Work.Sample], _ fall: Range<Int>?, _ work: inout Work,
    _ totals: inout EpochTotals, keep: (EpochTotals, Work) -> Void
  ) throws(TrainingError) -> Bool {
    var stops = false
    let fall = fall.map { $0.lowerBound * totals.stepsPerEpoch..<$0.upperBound * totals.stepsPerEpoch }
    for start in stride(from: totals.stepsInEpoch * stage.batch, to: samples.count, by: stage.batch) {
      let result = work.run(
        samples[start..<min(samples.count, start + stage.batch)], epoch: epoch, step: UInt64(totals.steps),
        learningRate: stage.learningRate.rate(step: totals.steps, of: totals.allSteps, fall: fall))
      guard result.gradientNorm.isFinite, result.loss.isFinite else {
        throw .diverged(stage: stage.name, epoch: epoch + 1, step: totals.stepsInEpoch + 1)
      }
      totals.add(result)
      control.observe(
        .stepped(
          stage: stage.name, epoch: epoch + 1, done: Double(totals.stepsInEpoch) / Double(totals.stepsPerEpoch),
          loss: totals.meanLoss, tokensPerSecond: totals.tokensPerSecond))
      // The first process keeps the checkpoints; a stop that any of them is told of stops all after the same step.
      let agreed = control.processes.any([control.shouldStop(), control.checkpoints?.isDue ?? false])
      stops = agreed[0]
      if stops || agreed[1] { keep(totals, work) }
      if stops {
        control.observe(.stopping)
        break
      }
    }
    totals.end()
    return stops
  }

  /// Writes the checkpoint, with all processes.
  private func save(_ state: () -> (TrainingState, TrainingVectors), collecting: () -> Void) {
    collecting()
    let spread = control.items.map { state().1.spread(over: $0) }
    do {
      try control.checkpoints?.write(now: true, spread: spread, state)
    } catch {
      control.observe(.checkpointFailed(reason: "\(error)"))
    }
    spread?.finish()
  }

  /// Takes the weights, the best ones and the optimizer's moments of an earlier attempt.
  private func restore(_ state: TrainingState, _ best: ParameterVector, _ work: inout Work)
    throws(TrainingError)
  {
    // Of the moments a process keeps its slice, so the other processes take them in through vectors of their own.
    let (isFirst, parameters) = (control.processes.rank == 0, work.parameters)
    if let items = control.items {
      let vectors = TrainingVectors(parameters: parameters, best: best, moments: work.moments)
      do {
        try TrainingCheckpoint.distribute(control.checkpoints?.checkpoint, into: vectors, over: items)
      } catch {
        throw .notRestored(error)
      }
      work.moments = AdamWMoments(
        first: vectors.moments.first, second: vectors.moments.second, step: state.optimizerSteps)
      return control.observe(
        .resumed(stage: stage.name, epoch: state.epoch + 1, step: state.sums.stepsInEpoch))
    }
    let moments =
      isFirst
      ? work.moments
      : AdamWMoments(first: ParameterVector(parameters.layout), second: ParameterVector(parameters.layout), step: 0)
    do {
      try control.checkpoints?.checkpoint.read(
        into: TrainingVectors(parameters: parameters, best: best, moments: moments))
    } catch {
      throw .notRestored(error)
    }
    for vector in [parameters, best, moments.first, moments.second] { control.processes.broadcast(vector.all) }
    work.moments = AdamWMoments(first: moments.first, second: moments.second, step: state.optimizerSteps)
    control.observe(.resumed(stage: stage.name, epoch: state.epoch + 1, step: state.sums.stepsInEpoch))
  }
}
