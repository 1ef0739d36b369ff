import Evaluation
import Foundation
import Interactions
import Kernels
import ModelFiles
import NeuralNetwork
import RankingMetrics
import SequentialModels

/// The training of a classifier or a regressor: labels of histories or lines, to the best weights on held-out ones.
package struct ClassifierJob: Sendable {
  package let source: LabeledSource
  package let configuration: ClassifierConfiguration
  package let labels: SequenceLabels
  package let tokenizer: Tokenizer
  package let network: ClassifierNetwork
  /// What came with the model to start from; nil for fresh weights.
  package let start: ClassifierStart?
  /// Labels whose id the source lacks.
  package let unknown: Int
  package let workers: Workers
  let parts: [LabelPart: [LabeledSequence]]
  private let parameters: ParameterVector

  /// - Throws: `LabelError`; `HuggingFaceError`, `ModelDirectoryError` or `SafetensorsError` of the model to start from;
  ///   `ConfigurationError` where sizes do not go together.
  package init(
    _ source: LabeledSource, _ file: LabelFile, _ configuration: ClassifierConfiguration, workers: Workers
  ) throws {
    let (labels, targets) = try file.targets(configuration.task)
    let matches = try source.matches(file)
    let encoder: EncoderConfiguration
    var checkpoint: PretrainedModel?
    if let from = configuration.from {
      var read = try PretrainedModel.read(URL(fileURLWithPath: from))
      var tokenizer = try read.tokenizer()
      if case .log(let log, _) = source {
        _ = try read.take(itemsOf: log, by: VocabularyExtension(seed: configuration.seed))
        tokenizer = try read.tokenizer()
      }
      (self.tokenizer, checkpoint) = (tokenizer, read)
      encoder = Self.encoder(of: read, dropout: configuration.dropout)
    } else {
      tokenizer = source.ownTokenizer
      encoder = try Self.freshEncoder(source, configuration, vocabulary: tokenizer.vocabulary.count)
    }
    network = ClassifierNetwork(encoder, task: labels.task, outputs: labels.names.count)
    parameters =
      checkpoint.map { [network] in network.parameters(from: $0, seed: configuration.seed) }
      ?? network.initialParameters(seed: configuration.seed)
    start = checkpoint.map { [network] in ClassifierStart($0, network) }
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
    (self.source, self.configuration, self.labels, self.parts, self.workers) =
      (source, configuration, labels, parts, workers)
  }

  /// The encoder of `model`, which reads whole sequences from here on.
  private static func encoder(of model: PretrainedModel, dropout: Double?) -> EncoderConfiguration {
    var encoder = model.stored.configuration.encoder
    (encoder.attention, encoder.pooling, encoder.nextSegmentHead) = (.bidirectional, .tail, false)
    if let dropout { (encoder.dropout, encoder.attentionDropout) = (Float(dropout), Float(dropout)) }
    return encoder
  }

  private static func freshEncoder(
    _ source: LabeledSource, _ configuration: ClassifierConfiguration, vocabulary: Int
  ) throws(ConfigurationError) -> EncoderConfiguration {
    let sizes = configuration.sizes
    if sizes.hidden % sizes.heads != 0 {
      throw .wrongValue("model.heads", fault: "\(sizes.heads) heads do not divide a hidden size of \(sizes.hidden)")
    }
    let common = if case .log(let log, _) = source { LogShape(log).commonLength.map { $0 + 2 } ?? 22 } else { 128 }
    let dropout = Float(configuration.dropout ?? 0.1)
    return EncoderConfiguration(
      vocabularySize: vocabulary, hidden: sizes.hidden, layers: sizes.layers, heads: sizes.heads,
      positions: sizes.length ?? common, dropout: dropout, attentionDropout: dropout)
  }

  package func count(_ part: LabelPart) -> Int { parts[part]?.count ?? 0 }

  /// The learning rate of tensors that are frozen is 0.
  private var factors: LearningRateFactors {
    var factors = LearningRateFactors()
    for tensor in network.layout.tensors {
      let isTable = tensor.name.hasPrefix("bert.embeddings.")
      let isBlock = tensor.name.hasPrefix(BERTNetwork.layerPrefix)
      if configuration.freeze == .embeddings && isTable || configuration.freeze == .encoder && (isTable || isBlock) {
        factors.set(0, of: tensor)
      }
    }
    return factors
  }

  /// Trains until the epochs or the patience are used up, or a stop is requested; the best weights so far are kept.
  ///
  /// - Throws: `LabelError.exploded` where the learning rate is too high for any epoch to end.
  package func train(
    shouldStop: () -> Bool = { false }, observe: (ClassifierEvent) -> Void = { _ in }
  ) throws(LabelError) -> ClassifierOutcome {
    let scale = TargetScale(labels.task, parts[.training] ?? [])
    let (training, validation) = (
      scale.applied(to: parts[.training] ?? []), scale.applied(to: parts[.validation] ?? [])
    )
    let classifier = SequenceClassifier(
      network: network, parameters: parameters.copy(), specials: tokenizer.vocabulary.specials, workers: workers)
    var step = ClassifierStep(
      classifier, optimizer: AdamWConfiguration(weightDecay: configuration.weightDecay), factors: factors,
      seed: configuration.seed)
    let schedule = LearningRateSchedule(
      peak: configuration.rate(hidden: network.configuration.hidden), warmup: 0.1)
    let perEpoch = (training.count + configuration.batch - 1) / configuration.batch
    let best = classifier.parameters.copy()
    var outcome = ClassifierOutcome(epochs: [], bestEpoch: 0, wasInterrupted: false, classifier: classifier)
    var (lowest, number) = (Double.infinity, 0)
    let most = max(1, configuration.epochs(sequences: training.count))
    epochs: for epoch in 1...most {
      let order = Self.order(training.count, seed: configuration.seed, epoch: epoch)
      var loss = 0.0
      for start in stride(from: 0, to: training.count, by: configuration.batch) {
        if shouldStop() {
          outcome.wasInterrupted = true
          break epochs
        }
        let chosen = order[start..<min(start + configuration.batch, training.count)].map { training[$0] }
        let result = step.run(
          chosen, step: UInt64(number),
          learningRate: schedule.rate(step: number, of: perEpoch * most))
        if !result.loss.isFinite || !result.gradientNorm.isFinite {
          if outcome.epochs.isEmpty { throw .exploded(epoch: epoch) }
          break epochs
        }
        loss += result.loss * Double(chosen.count)
        number += 1
        observe(.stepped(epoch: epoch, done: Double(start + chosen.count) / Double(training.count), loss: result.loss))
      }
      let logits = classifier.logits(of: validation)
      let validated = network.head.loss(
        targets: validation.map(\.target),
        logits: Matrix(rows: logits.count, columns: network.head.outputs, logits.flatMap(\.self)))
      let record = ClassifierEpoch(
        epoch: epoch, loss: loss / Double(training.count), validationLoss: validated / Double(validation.count))
      outcome.epochs.append(record)
      if record.validationLoss < lowest {
        (lowest, outcome.bestEpoch) = (record.validationLoss, epoch)
        best.all.assign(classifier.parameters.all)
      }
      observe(.epochEnded(record, isBest: outcome.bestEpoch == epoch))
      if epoch - outcome.bestEpoch >= configuration.patience ?? max(3, most / 3) { break }
    }
    classifier.parameters.all.assign(best.all)
    scale.undo(in: classifier)
    return outcome
  }

  private static func order(_ count: Int, seed: UInt64, epoch: Int) -> [Int] {
    let random = CounterRandom(seed: seed, .labels, step: UInt64(epoch))
    return (0..<count).map { ($0, random.bits(UInt64($0))) }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
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

  /// Lets the head predict the numbers as they were.
  func undo(in classifier: SequenceClassifier) {
    if (mean, deviation) == (0, 1) { return }
    let head = classifier.network.head
    let (weight, bias) = (classifier.parameters[head.weight], classifier.parameters[head.bias])
    weight.assign(weight.values.map { $0 * deviation })
    bias.assign(bias.values.map { $0 * deviation + mean })
  }
}
