import Evaluation
import Foundation
import Interactions
import Kernels
import NeuralNetwork
import SequentialModels

/// Runs an experiment's stages on a split log; each stage ends with the best weights it saw.
package struct Trainer: Sendable {
  package let experiment: Experiment
  package let split: Split
  package let vocabulary: ItemVocabulary
  package let workers: Workers
  /// What decides which weights are kept.
  package let judge: any ValidationJudge
  /// Asked between steps; training stops at the next one, with the best weights so far.
  package let shouldStop: @Sendable () -> Bool
  package let observe: @Sendable (TrainingEvent) -> Void
  /// Keeps the training on disk, and knows where an earlier attempt stood; nil where nothing is kept.
  package let keeper: TrainingKeeper?

  package init(
    experiment: Experiment, split: Split, vocabulary: ItemVocabulary, workers: Workers,
    judge: (any ValidationJudge)? = nil, keeper: TrainingKeeper? = nil,
    shouldStop: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) {
    self.experiment = experiment
    self.split = split
    self.vocabulary = vocabulary
    self.workers = workers
    self.judge = judge ?? NextItemJudge(split.validation, workers: workers)
    self.keeper = keeper
    self.shouldStop = shouldStop
    self.observe = observe
  }

  /// Trains a copy of `start`'s parameters on `start`'s network, or fresh parameters.
  ///
  /// - Throws: `TrainingError` where the loss explodes in the first epoch, there is nothing to learn from, groups are to be
  ///   masked that the log does not have, or an earlier attempt's vectors cannot be read.
  package func run(from start: BERT4Rec? = nil) throws(TrainingError) -> TrainingOutcome {
    let network = start?.network ?? BERTNetwork(experiment.model.encoder(vocabulary: vocabulary.size))
    return try run(
      on: network,
      parameters: start?.parameters.copy()
        ?? network.initialParameters(seed: experiment.seed, deviation: experiment.model.initialDeviation))
  }

  /// Trains a copy of a checkpoint's parameters; new rows learn at their own rate.
  package func run(from start: TrainingStart) throws(TrainingError) -> TrainingOutcome {
    try run(
      on: start.network, parameters: start.parameters.copy(), newItems: start.newItems,
      newPositions: start.newPositions)
  }

  private func run(
    on network: BERTNetwork, parameters: ParameterVector, newItems: Int = 0, newPositions: Int = 0
  ) throws(TrainingError) -> TrainingOutcome {
    let groups = experiment.stages.first { $0.objectives.mlm?.wholeGroups == true }
    if let groups, split.training.groups == nil { throw .noGroups(stage: groups.name) }
    var outcome = TrainingOutcome(
      model: BERT4Rec(network: network, parameters: parameters, vocabulary: vocabulary, workers: workers))
    let point = keeper?.point
    if let point { (outcome.epochs, outcome.seconds, outcome.best) = (point.epochs, point.seconds, point.best) }
    for (index, stage) in experiment.stages.enumerated()
    where index >= point?.stage ?? 0 && !outcome.wasInterrupted && outcome.failure == nil {
      let run = StageRun(
        trainer: self, stage: stage, index: index, model: outcome.model,
        factors: stage.rates.factors(for: network, newItems: newItems, newPositions: newPositions))
      try run.train(&outcome, from: index == point?.stage ? point : nil)
    }
    return outcome
  }
}

/// What training left: the model with the best weights, and how it came to them.
package struct TrainingOutcome: Sendable {
  package var model: BERT4Rec
  package var epochs: [EpochRecord] = []
  package var seconds = 0.0
  package var wasInterrupted = false
  /// Why training ended early, by itself; the best weights before are kept.
  package var failure: TrainingError?
  /// The validation figures of the weights that were kept; empty where nothing was held out.
  package var best: [MeasuredValue] = []
}

/// What a person watching a run is told.
package enum TrainingEvent: Sendable {
  case stageBegan(TrainingStage, index: Int, sequences: Int)
  /// An earlier attempt is gone on with, behind so many steps of the epoch.
  case wentOn(stage: String, epoch: Int, step: Int)
  /// The training could not be kept on disk; it goes on all the same.
  case notKept(reason: String)
  /// After each step: the share of the epoch done, its mean loss and speed so far.
  case stepped(stage: String, epoch: Int, done: Double, loss: Double, tokensPerSecond: Double)
  /// After each epoch, with the seconds the stage would still take if it ran all its epochs.
  case epochEnded(EpochRecord, isBest: Bool, secondsLeft: Double)
  case stageEnded(name: String, bestEpoch: Int, stoppedEarly: Bool)
}

/// A run that could not begin or go on.
package enum TrainingError: Error, CustomStringConvertible, Equatable {
  case nothingToLearn
  case noGroups(stage: String)
  case diverged(stage: String, epoch: Int, step: Int)
  case notRestored(SavedTrainingError)

  package var description: String {
    switch self {
    case .nothingToLearn:
      "no history in the training part has two events, so there is nothing to learn from; "
        + "look at `cloze check`, or relax the preparation"
    case .noGroups(let stage):
      "stage \(stage) masks whole groups, but the log has no group column and no sessions; give --session-gap MINUTES or "
        + "--columns group=…, or set objectives.mlm.wholeGroups to false"
    case .notRestored(let error): error.description
    case .diverged(let stage, let epoch, let step):
      "the loss stopped being a number in stage \(stage), epoch \(epoch), step \(step); "
        + "try a lower learningRate.peak or a smaller optimizer.clip"
    }
  }
}
