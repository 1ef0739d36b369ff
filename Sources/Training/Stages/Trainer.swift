import Collectives
import DurableFiles
import Evaluation
import Interactions
import Kernels
import NeuralNetwork
import SequentialModels

/// Trains an experiment's stages on a split log; each stage ends with the best weights it saw.
package struct Trainer: Sendable {
  package let experiment: Experiment
  package let split: Split
  package let vocabulary: ItemVocabulary
  /// Of each token; nil where the item table is learned as it is.
  package let features: ItemFeatures?
  /// What rows begin with in fresh weights; nil where all are random.
  package let firstRows: FirstRows?
  package let workers: Workers
  /// Which train together; all of them are given the same experiment and split, and end with the same weights.
  package let processes: any Processes
  /// Whether each of them keeps a part of the item table only.
  package let shardsItems: Bool
  /// What decides which weights are kept.
  package let validator: any Validator
  /// Keeps the training on disk, and knows where an earlier attempt stood; nil where nothing is kept, and in all processes
  /// but the first.
  package let checkpoints: CheckpointWriter?
  /// Polled between steps; training stops at the next one, with the best weights so far.
  package let shouldStop: @Sendable () -> Bool
  /// How long a validation may still take once a stop is requested.
  package var grace = Duration.seconds(1)
  package let observe: @Sendable (TrainingEvent) -> Void

  package init(
    experiment: Experiment, split: Split, vocabulary: ItemVocabulary, features: ItemFeatures? = nil,
    firstRows: FirstRows? = nil, workers: Workers, processes: any Processes = OneProcess(),
    shardsItems: Bool = false, validator: (any Validator)? = nil, checkpoints: CheckpointWriter? = nil,
    shouldStop: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) {
    self.experiment = experiment
    self.split = split
    self.vocabulary = vocabulary
    self.features = features
    self.firstRows = firstRows
    self.workers = workers
    self.processes = processes
    self.shardsItems = shardsItems
    self.validator = validator ?? NextItemValidator(split.validation, workers: workers, processes: processes)
    self.checkpoints = checkpoints
    self.shouldStop = shouldStop
    self.observe = observe
  }

  /// Trains a copy of `start`'s parameters, whose new rows learn at their own rate, or fresh parameters.
  ///
  /// - Throws: `TrainingError` where the loss explodes in the first epoch, there is nothing to learn from, groups are to be
  ///   masked that the log does not have, or an earlier attempt's vectors cannot be read.
  package func train(from start: TrainingStart? = nil) throws(TrainingError) -> TrainingOutcome<BERT4Rec> {
    let network = experiment.network(start, vocabulary: vocabulary.size, features: features)
    let items = shardsItems ? experiment.itemShards(processes, of: network) : nil
    try TrainingError.checkMemory(parameters: items.map { $0.held.reduce(0) { $0 + $1.count } } ?? network.layout.count)
    let parameters = start?.parameters.copy() ?? freshParameters(of: network, items)
    precondition(items == nil || parameters.held == items?.held, "a start has other rows than this process keeps")
    let groups = experiment.stages.first { $0.objectives.mlm?.wholeGroups == true }
    if let groups, split.training.groups == nil { throw .noGroups(stage: groups.name) }
    var outcome = TrainingOutcome(
      model: BERT4Rec(
        network: network, parameters: parameters, vocabulary: vocabulary, workers: workers, itemShards: items))
    let state = processes.broadcast(checkpoints?.state)
    outcome.history.resume(state)
    for (index, stage) in experiment.stages.enumerated()
    where index >= state?.stage ?? 0 && !outcome.wasInterrupted && outcome.failure == nil {
      let factors = stage.rates.factors(
        for: network, pooling: stage.pooling, newItems: start?.newItems ?? 0, newPositions: start?.newPositions ?? 0)
      try StageRun(control: control(items), stage: stage, index: index).train(
        ItemStage(self, stage, index: index, model: outcome.model, factors: factors), &outcome.history,
        from: index == state?.stage ? state : nil)
    }
    return outcome
  }
}

extension Trainer {
  private func control(_ items: ItemShards?) -> TrainingControl {
    TrainingControl(
      processes: processes, items: items, checkpoints: checkpoints, shouldStop: shouldStop,
      deadline: StopDeadline(grace: grace, shouldStop), observe: observe)
  }
}

extension TrainingError {
  /// Refuses sizes that the machine cannot hold, before any of it is allocated: the weights, the best of them, two moments
  /// and a gradient at least.
  static func checkMemory(parameters: Int) throws(TrainingError) {
    let needed = 5 * parameters * MemoryLayout<Float>.size
    guard let memory = MachineMemory.bytes, needed > memory else { return }
    throw .memory(needed: needed, memory: memory)
  }
}

/// How a training went, whatever it trained.
package struct TrainingHistory: Sendable {
  package var epochs: [EpochRecord] = []
  /// Of each epoch.
  package var costs: [EpochCost] = []
  package var wasInterrupted = false
  /// Why training ended early, by itself; the best weights before are kept.
  package var failure: TrainingError?
  /// The validation figures of the weights that were kept; empty where nothing was held out.
  package var best: [MeasuredValue] = []

  package var seconds: Double { costs.reduce(0) { $0 + $1.seconds } }

  /// Takes what an earlier attempt had found.
  mutating func resume(_ state: TrainingState?) {
    if let state { (epochs, costs, best) = (state.epochs, state.costs, state.best) }
  }
}

/// What training left: the model with the best weights, and how it came to them.
@dynamicMemberLookup
package struct TrainingOutcome<Model: Sendable>: Sendable {
  package var model: Model
  package var history = TrainingHistory()

  package subscript<Value>(dynamicMember path: WritableKeyPath<TrainingHistory, Value>) -> Value {
    get { history[keyPath: path] }
    set { history[keyPath: path] = newValue }
  }

  package var seconds: Double { history.seconds }
}

/// What an observer of a training is told.
package enum TrainingEvent: Sendable {
  case stageBegan(TrainingStage, index: Int, sequences: Int)
  /// An earlier attempt is resumed after so many steps of the epoch.
  case resumed(stage: String, epoch: Int, step: Int)
  /// The checkpoint could not be written; training continues all the same.
  case checkpointFailed(reason: String)
  /// A stop was requested: the weights so far are validated before the training ends.
  case stopping
  /// A stop was requested and the validation would have taken longer: which weights are kept then, those of the best epoch
  /// before or, where none was validated, those of the last step.
  case validationEnded(keepsLast: Bool)
  /// After each step: the share of the epoch done, its mean loss and speed so far.
  case stepped(stage: String, epoch: Int, done: Double, loss: Double, tokensPerSecond: Double)
  /// After each epoch, with the seconds the stage would still take if it ran all its epochs.
  case epochEnded(EpochRecord, EpochCost, isBest: Bool, secondsLeft: Double)
  /// The plateau is over: the rate falls from the weights of epoch `best` on, for so many epochs.
  case fallBegan(stage: String, best: Int, epochs: Int)
  case stageEnded(name: String, bestEpoch: Int, stoppedEarly: Bool)
}

/// A training that could not begin or be resumed.
package enum TrainingError: Error, CustomStringConvertible, Equatable {
  case nothingToLearn
  case noGroups(stage: String)
  case diverged(stage: String, epoch: Int, step: Int)
  case notRestored(TrainingCheckpointError)
  /// In bytes.
  case memory(needed: Int, memory: Int)

  package var description: String {
    switch self {
    case .nothingToLearn:
      "no history in the training part has two events, so there is nothing to learn from; "
        + "look at `cloze check`, or relax the preparation"
    case .noGroups(let stage):
      "stage \(stage) masks whole groups, but the log has no group column and no sessions; give --session-gap MINUTES or "
        + "--columns group=…, or set objectives.mlm.wholeGroups to false"
    case .notRestored(let error): error.description
    case .memory(let needed, let memory):
      "a model of these sizes takes at least \(ByteSize(needed).needed) to train, and this machine has "
        + "\(ByteSize(memory).available); set model.hidden, model.inner, model.layers or model.length lower"
    case .diverged(let stage, let epoch, let step):
      "the loss stopped being a number in stage \(stage), epoch \(epoch), step \(step); "
        + "try a lower learningRate.peak or a smaller optimizer.clip"
    }
  }
}

extension Trainer {
  /// First values, of output biases as the first stage's loss wants them.
  private func freshParameters(of network: BERTNetwork, _ items: ItemShards?) -> ParameterVector {
    let parameters = network.initialParameters(
      seed: experiment.seed, deviation: experiment.model.initialDeviation, items: items)
    let bias = experiment.stages.first?.loss.initialBias(items: vocabulary.drawableCount) ?? 0
    if bias != 0 {
      parameters[network.head.itemBias].fill(bias)
      network.makeTable(parameters, workers: workers)
    }
    firstRows?.assign(to: parameters, of: network)
    items?.discardOthers(in: parameters)
    return parameters
  }
}
