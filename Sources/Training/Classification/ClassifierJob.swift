import Collectives
import DurableFiles
import Evaluation
import Foundation
import Interactions
import Kernels
import ModelFiles
import NeuralNetwork
import RankingMetrics
import SequentialModels

/// The training of a classifier or a regressor: labels of histories or lines, to the best weights on held-out ones.
package struct ClassifierJob: ModelJob {
  package let source: LabeledSource
  package let experiment: Experiment
  package let labels: SequenceLabels
  package let tokenizer: Tokenizer
  package let network: ClassifierNetwork
  /// What came with the model to start from; nil for fresh weights.
  package let start: ClassifierStart?
  /// Labels whose id the source lacks.
  package let unknown: Int
  package let workers: Workers
  /// How the log was read and prepared, for the record and the model.
  package var provenance: LogProvenance?
  let parts: [LabelPart: [LabeledSequence]]
  private let parameters: ParameterVector
  private let newItems, newPositions: Int
  private let data: [String]

  /// - Throws: `LabelError`; `HuggingFaceError`, `ModelDirectoryError`, `TrainingStartError` or `SafetensorsError` of the
  ///   model to start from; `ConfigurationError` where settings do not go together.
  package init(_ source: LabeledSource, _ file: LabelFile, _ experiment: Experiment, workers: Workers) throws {
    precondition(experiment.labels != nil, "an experiment that learns no labels")
    try experiment.checkStart()
    let (labels, targets) = try file.targets(experiment.labels?.task)
    try experiment.checkLabelMetrics(labels.task)
    let matches = try source.matches(file)
    var encoder = experiment.model.encoder(vocabulary: source.ownTokenizer.vocabulary.count)
    (encoder.attention, encoder.pooling, encoder.nextSegmentHead) = (.bidirectional, .tail, false)
    var checkpoint: PretrainedModel?
    var report: VocabularyExtension.Report?
    if let point = experiment.start {
      var read = try PretrainedModel.read(point.url)
      try TrainingStart.check(read, sizes: experiment.model)
      try read.requirePositions(experiment.model.length, extends: point.extendPositions, seed: experiment.seed)
      read.dropPositions(after: experiment.model.length)
      // Reading the vocabulary first, a directory without one is refused with what to do.
      var tokenizer = try read.tokenizer()
      if case .log(let log, _) = source {
        report = try read.take(
          itemsOf: log, by: VocabularyExtension(newRows: point.newItems, seed: experiment.seed))
        tokenizer = try read.tokenizer()
      }
      let own = read.stored.configuration.encoder
      (encoder.vocabularySize, encoder.positions) = (own.vocabularySize, own.positions)
      (encoder.segments, encoder.epsilon) = (own.segments, own.epsilon)
      (self.tokenizer, checkpoint) = (tokenizer, read)
    } else {
      tokenizer = source.ownTokenizer
    }
    let network = ClassifierNetwork(encoder, task: labels.task, outputs: labels.names.count)
    try TrainingError.checkMemory(parameters: network.layout.count)
    let (seed, deviation) = (experiment.seed, experiment.model.initialDeviation)
    parameters =
      checkpoint.map { network.parameters(from: $0, seed: seed, deviation: deviation) }
      ?? network.initialParameters(seed: seed, deviation: deviation)
    start = checkpoint.map { ClassifierStart($0, report, network) }
    (newItems, newPositions) = (checkpoint?.newItems ?? 0, checkpoint?.newPositions ?? 0)
    var parts: [LabelPart: [LabeledSequence]] = [:]
    let places = LabelPart.parts(
      of: matches.map { source.id($0.index) },
      groups: matches.map { labels.task == .regression ? 0 : Int(targets[$0.row]) })
    for ((row, index), part) in zip(matches, places) {
      let tokens = source.tokens(index, tokenizer, limit: encoder.positions - 2)
      parts[part, default: []].append(LabeledSequence(tokens: tokens, target: targets[row]))
    }
    let counts = [LabelPart.training, .validation, .test].map { parts[$0]?.count ?? 0 }
    if counts.contains(where: { $0 < 2 }) {
      throw LabelError.tooFew(file: file.file, training: counts[0], validation: counts[1], test: counts[2])
    }
    unknown = file.rows.count - matches.count
    data = [source.fingerprint, file.fingerprint]
    (self.source, self.experiment, self.labels, self.parts, self.workers) = (source, experiment, labels, parts, workers)
    self.network = network
  }

  package func count(_ part: LabelPart) -> Int { parts[part]?.count ?? 0 }

  package var parameterCount: Int { network.layout.count }

  package var trainingIdentity: TrainingIdentity {
    TrainingIdentity(data: data, split: nil, experiment: experiment, start: start?.summary)
  }

  /// Trains until the epochs or the patience are used up, or a stop is requested; the best weights so far are kept.
  package func train(
    checkpoints: CheckpointWriter? = nil, processes: any Processes = OneProcess(),
    shouldStop: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) -> TrainingOutcome<SequenceClassifier> {
    let scale = TargetScale(labels.task, parts[.training] ?? [])
    let classifier = SequenceClassifier(
      network: network, parameters: parameters.copy(), specials: tokenizer.vocabulary.specials, workers: workers)
    var outcome = TrainingOutcome(model: classifier)
    let control = TrainingControl(
      processes: processes, checkpoints: checkpoints, shouldStop: shouldStop, deadline: StopDeadline(shouldStop),
      observe: observe)
    let state = processes.broadcast(checkpoints?.state)
    outcome.history.resume(state)
    for (index, stage) in experiment.stages.enumerated()
    where index >= state?.stage ?? 0 && !outcome.wasInterrupted && outcome.failure == nil {
      let factors = stage.rates.factors(for: network, newItems: newItems, newPositions: newPositions)
      let step = ClassifierStep(
        classifier, optimizer: stage.optimizer, factors: factors, seed: experiment.seed(ofStage: index),
        shards: experiment.gradientShards, processes: processes)
      let work = LabelStage(
        step: step, training: scale.applied(to: parts[.training] ?? []), validation: parts[.validation] ?? [],
        scale: scale, seed: experiment.seed(ofStage: index), metric: stage.metric ?? MetricKey(.loss),
        processes: processes)
      try StageRun(control: control, stage: stage, index: index).train(
        work, &outcome.history, from: index == state?.stage ? state : nil)
    }
    scale.undo(in: classifier)
    return outcome
  }
}

/// A stage that trains a classifier or a regressor on labeled sequences.
private struct LabelStage: StageWork {
  var step: ClassifierStep
  /// Targets as the network learns them.
  let training: [LabeledSequence]
  /// Targets as they are.
  let validation: [LabeledSequence]
  let scale: TargetScale
  let seed: UInt64
  let metric: MetricKey
  let processes: any Processes

  var parameters: ParameterVector { step.classifier.parameters }

  var moments: AdamWMoments {
    get { step.moments }
    set { step.moments = newValue }
  }

  func samples(epoch: Int) -> [LabeledSequence] {
    let random = CounterRandom(seed: seed, .labels, step: UInt64(epoch))
    return training.indices.map { ($0, random.bits(UInt64($0))) }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
      .map { training[$0.0] }
  }

  mutating func run(
    _ samples: ArraySlice<LabeledSequence>, epoch: Int, step number: UInt64, learningRate: Double
  ) -> TrainingStep.Result {
    step.run(Array(samples), step: number, learningRate: learningRate)
  }

  func collectMoments() { step.collectMoments() }

  func measure(until isOver: @Sendable () -> Bool) -> [MeasuredValue]? {
    let head = step.classifier.network.head
    guard let outputs = step.classifier.logits(of: validation, processes: processes, until: isOver) else { return nil }
    let loss = head.loss(
      targets: scale.applied(to: validation).map(\.target),
      logits: Matrix(rows: outputs.count, columns: head.outputs, outputs.flatMap(\.self)))
    let figures = ClassifierFigures(
      head.task, outputs: outputs.map { $0.map(scale.restored) }, targets: validation.map(\.target))
    return [MeasuredValue(MetricKey(.loss), loss / Double(validation.count))] + figures.measured
  }

  func quality(of values: [MeasuredValue]) -> Double? {
    guard let value = values.first(metric)?.value else { return nil }
    switch metric {
    case .label(.accuracy), .label(.auc), .label(.macroF1), .ranking: return value
    case .label(.meanAbsoluteError), .label(.rootMeanSquaredError), .masked: return -value
    }
  }
}

extension LabeledSource {
  /// The tokenizer of a model that starts fresh: items, or the words between blanks.
  fileprivate var ownTokenizer: Tokenizer {
    switch self {
    case .log(let log, _):
      Tokenizer(Vocabulary(items: log.items.names.map(\.text)), kind: .whitespace(escaped: true))
    case .lines(let lines):
      Tokenizer(Vocabulary(items: lines.log().items.names.map(\.text)), kind: .whitespace(escaped: false))
    }
  }
}

extension LabeledSource {
  /// Of what the sequences say.
  fileprivate var fingerprint: String {
    switch self {
    case .log(let log, _): return log.fingerprint
    case .lines(let lines):
      var hash = SHA256()
      for line in lines.lines { hash.update(Array("\(line)\n".utf8)) }
      return hash.hexadecimal()
    }
  }
}

/// Numbers to be predicted as the network learns them, with the mean 0 and the deviation 1; labels stay as they are.
private struct TargetScale {
  var (mean, deviation) = (Float(0), Float(1))

  init(_ task: ClassificationHead.Task, _ training: [LabeledSequence]) {
    guard task == .regression, !training.isEmpty else { return }
    let numbers = training.map { Double($0.target) }
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
    self.mean = Float(mean)
    deviation = variance > 0 ? Float(variance.squareRoot()) : 1
  }

  func applied(to sequences: [LabeledSequence]) -> [LabeledSequence] {
    sequences.map { LabeledSequence(tokens: $0.tokens, target: ($0.target - mean) / deviation) }
  }

  /// A number that the network predicts, as it was.
  func restored(_ output: Float) -> Float { output * deviation + mean }

  /// Lets the head predict the numbers as they were.
  func undo(in classifier: SequenceClassifier) {
    if (mean, deviation) == (0, 1) { return }
    let head = classifier.network.head
    let (weight, bias) = (classifier.parameters[head.weight], classifier.parameters[head.bias])
    weight.assign(weight.values.map { $0 * deviation })
    bias.assign(bias.values.map { $0 * deviation + mean })
  }
}
