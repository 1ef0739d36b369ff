import Collectives
import Evaluation
import Foundation
import Interactions
import Items
import Kernels
import NeuralNetwork
import ModelFiles
import SequentialModels

/// A training run from log to model directory: splits, trains, writes the model with its card and its record.
package struct TrainingJob: EncoderJob {
  package let log: InteractionLog
  package let identity: LogIdentity
  /// How the log was read and prepared, for the record and the model.
  package var provenance: LogProvenance?
  package let split: Split
  package let experiment: Experiment
  package let workers: Workers
  /// Whether each process keeps a part of the item table only; the result is the same.
  package let shardsItems: Bool
  /// nil where the encoder starts fresh.
  package let start: TrainingStart?
  /// nil where item rows are learned as they are.
  package let features: TrainingFeatures?
  /// What rows begin with in fresh weights; nil where all are random.
  package let firstRows: FirstRows?
  /// Of the words that rows begin with, those of a checkpoint's new items included.
  private let wordsFingerprint: String?
  private let vocabulary: ItemVocabulary
  private let tokenizer: Tokenizer

  /// Cuts the log and, where the experiment goes on from a checkpoint, reads it and takes in the log's items; what new
  /// rows start from is read off the training part alone.
  ///
  /// - Parameters:
  ///   - items: what is known of items; needed where the experiment reads it.
  ///   - processes: of which each keeps a part of the item table only; nil where every one has all of it.
  /// - Throws: `ConfigurationError` where the rates do not fit the start; `SplitError` where the log cannot be cut so;
  ///   `TooFewUsersError` where too few users are left for validation; `ItemBlockError` where there are more processes than
  ///   chunks of items;
  ///   `ModelDirectoryError`, `HuggingFaceError`, `SafetensorsError` and `TrainingStartError` where the checkpoint cannot
  ///   be gone on from.
  package init(
    log: InteractionLog, identity: LogIdentity, split method: SplitMethod = .leaveOneOut, experiment: Experiment,
    items: ItemKnowledge = ItemKnowledge(), workers: Workers, spreadOver processes: (any Processes)? = nil
  ) throws {
    let split = try method.split(log, holdingOut: experiment.heldOut)
    if experiment.heldOut == .validationAndTest { try split.requireUsers(in: .validation) }
    try experiment.checkStart()
    func features(_ vocabulary: ItemVocabulary) throws -> TrainingFeatures? {
      try experiment.model.features.map {
        try TrainingFeatures($0, of: items, log: log, training: split.training, vocabulary: vocabulary)
      }
    }
    let words = items.firstWords(experiment)
    if experiment.start?.newItems == .text, words == nil { throw Self.noWords }
    guard let point = experiment.checkpoint else {
      let vocabulary = ItemVocabulary(items: log.itemCount)
      try experiment.checkItemBlocks(rows: vocabulary.size, processes: processes)
      let features = try features(vocabulary)
      try self.init(
        log: log, identity: identity, split: split, experiment: experiment, features: features, items: items,
        workers: workers, shardsItems: processes != nil)
      return
    }
    var checkpoint = try PretrainedModel.read(point.url, leavesTable: processes != nil)
    let length = experiment.model.length
    try checkpoint.requirePositions(length, extends: point.extendPositions, seed: experiment.seed)
    checkpoint.dropPositions(after: length)
    let vocabularyReport = try checkpoint.take(
      itemsOf: split.training, by: VocabularyExtension(newRows: point.newItems, seed: experiment.seed),
      words: words)
    try experiment.checkItemBlocks(rows: checkpoint.stored.configuration.encoder.vocabularySize, processes: processes)
    let tokenizer = try checkpoint.tokenizer()
    let vocabulary = ItemVocabulary(of: log.items, in: tokenizer.vocabulary)
    let own = try features(vocabulary)
    self.init(
      log: log, identity: identity, split: split, experiment: experiment, features: own, workers: workers,
      shardsItems: processes != nil,
      start: try TrainingStart(
        checkpoint, vocabularyReport: vocabularyReport, experiment: experiment, features: own, spreadOver: processes),
      words: words?.fingerprint, tokenizer: tokenizer, vocabulary: vocabulary)
  }

  /// A run from fresh weights on a log that is cut already.
  ///
  /// - Throws: `ItemVectorError` where no item has the words that rows are to begin with.
  package init(
    log: InteractionLog, identity: LogIdentity, split: Split, experiment: Experiment,
    features: TrainingFeatures? = nil, items: ItemKnowledge = ItemKnowledge(), workers: Workers,
    shardsItems: Bool = false
  ) throws(ItemVectorError) {
    let vocabulary = ItemVocabulary(items: log.itemCount)
    let words = items.firstWords(experiment)
    self.init(
      log: log, identity: identity, split: split, experiment: experiment, features: features, workers: workers,
      shardsItems: shardsItems, start: nil,
      firstRows: try words.map { words throws(ItemVectorError) in
        try FirstRows(
          words, log: log, training: split.training, vocabulary: vocabulary, model: experiment.model)
      },
      words: words?.fingerprint,
      tokenizer: Tokenizer(Vocabulary(items: log.items.names.map(\.text)), kind: .whitespace(escaped: true)),
      vocabulary: vocabulary)
  }

  private init(
    log: InteractionLog, identity: LogIdentity, split: Split, experiment: Experiment, features: TrainingFeatures?,
    workers: Workers, shardsItems: Bool, start: TrainingStart?, firstRows: FirstRows? = nil, words: String?,
    tokenizer: Tokenizer,
    vocabulary: ItemVocabulary
  ) {
    self.log = log
    self.identity = identity
    self.split = split
    var experiment = experiment
    // What was sized by the items stands in the record.
    if let features { experiment.model.features?.idDropout = features.model.idDropout }
    self.experiment = experiment
    self.features = features
    self.workers = workers
    self.shardsItems = shardsItems
    self.start = start
    self.firstRows = firstRows
    wordsFingerprint = words
    self.tokenizer = tokenizer
    self.vocabulary = vocabulary
  }

  private static let noWords = ConfigurationError.wrongValue(
    "start.newItems",
    fault: "rows are to begin with words, and there are none; give --text COLUMNS and --text-encoder DIR")

  /// Numbers of the model that it will write.
  package var parameterCount: Int {
    experiment.network(start, vocabulary: vocabulary.size, features: features?.items).layout.count
  }

  package var trainingIdentity: TrainingIdentity {
    TrainingIdentity(
      data: [identity.fingerprint] + (features?.model.fingerprints ?? [])
        + (wordsFingerprint.map { [$0] } ?? []), split: split.summary.method,
      experiment: experiment, start: start?.summary)
  }

  /// On the training part of the split, validated on its validation cases where it has any.
  package func trainer(
    checkpoints: CheckpointWriter?, processes: any Processes = OneProcess(), shouldStop: @escaping @Sendable () -> Bool,
    observe: @escaping @Sendable (TrainingEvent) -> Void
  ) -> Trainer {
    Trainer(
      experiment: experiment, split: split, vocabulary: vocabulary, features: features?.items,
      firstRows: firstRows, workers: workers, processes: processes, shardsItems: shardsItems, checkpoints: checkpoints,
      shouldStop: shouldStop, observe: observe)
  }

  /// What is known of the run before any evaluation.
  package func record(of outcome: TrainingOutcome<BERT4Rec>, name: String) throws -> RunRecord {
    var record = RunRecord(
      name: name, log: identity, configuration: try JSONValue(encoding: experiment), seed: experiment.seed,
      start: start?.summary, epochs: outcome.epochs, cost: RunCost(of: outcome.history, workers: workers))
    record.provenance = provenance
    return record
  }

  /// Replaces the model directory at `url` by this run's model, with `cloze.json`, its record and what `also` adds.
  package func write(
    _ outcome: TrainingOutcome<BERT4Rec>, record: RunRecord, to url: URL, also: (URL) throws -> Void
  ) throws {
    try outcome.write(
      record: record, split: .log(split.summary.method), heldOut: experiment.heldOut, tokenizer: tokenizer,
      features: features?.model, whitening: features?.whitening, to: url, also: also)
  }

  package func write(_ outcome: TrainingOutcome<BERT4Rec>, record: RunRecord, to url: URL) throws {
    try write(outcome, record: record, to: url, also: { _ in })
  }
}
