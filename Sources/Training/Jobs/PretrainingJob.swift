import Collectives
import Evaluation
import Foundation
import Interactions
import Kernels
import ModelFiles
import SequentialModels

/// Masked pretraining on lines of tokens: from the lines to a model directory.
package struct PretrainingJob: EncoderJob {
  package let source: PretrainingSource
  package let experiment: Experiment
  package let training: TokenCorpus
  package let validation: TokenCorpus
  package let workers: Workers
  /// nil where the encoder starts fresh.
  package let start: TrainingStart?
  private let masking: MaskedItems

  /// - Throws: `ConfigurationError` where the rates do not fit the start; `PretrainingError` where the experiment asks for
  ///   more than masked tokens; `TrainingStartError` where it asks for other sizes than the checkpoint has;
  ///   `TokenLinesError` where a file has nothing to learn from.
  package init(_ source: PretrainingSource, experiment: Experiment, workers: Workers) throws {
    let hasPairs = experiment.stages.contains { $0.objectives.nextSegment != nil }
    for stage in experiment.stages {
      let own = stage.objectives
      if own != Objectives(mlm: own.mlm, nextSegment: own.nextSegment) {
        throw PretrainingError.objective(stage: stage.name)
      }
      if hasPairs && own.nextSegment == nil { throw PretrainingError.withoutPairs(stage: stage.name) }
    }
    guard let masking = experiment.stages.last?.objectives.mlm else { throw PretrainingError.objective(stage: "none") }
    try experiment.checkStart()
    if experiment.model.features != nil {
      throw ConfigurationError.wrongValue("model.features", fault: "lines of tokens have no item table; leave it out")
    }
    if experiment.start?.newItems == .text {
      throw ConfigurationError.wrongValue("start.newItems", fault: "lines of tokens have no item table; leave it out")
    }
    if experiment.heldOut != .validationAndTest {
      throw ConfigurationError.wrongValue(
        "heldOut", fault: "lines are held out by --validation, not by this key; leave it out")
    }
    let isText = if case .wordPiece = source.tokenizer.kind { true } else { false }
    if !isText, let stage = experiment.stages.first(where: { $0.objectives.mlm?.wholeGroups == true }) {
      throw PretrainingError.noPieces(stage: stage.name)
    }
    let encoder = experiment.model.encoder(vocabulary: source.tokenizer.vocabulary.count)
    func corpus(_ lines: TokenLines) throws(TokenLinesError) -> TokenCorpus {
      // The encoder itself puts a `[CLS]` before every sequence where one of its heads reads it.
      try TokenCorpus(
        lines, tokenizer: source.tokenizer, positions: encoder.itemLimit,
        frame: hasPairs ? .pair : !isText ? .none : encoder.leadsWithCLS ? .separator : .both)
    }
    start = try source.checkpoint.map {
      try TrainingStart($0, vocabularyReport: source.vocabularyReport, experiment: experiment)
    }
    self.source = source
    self.experiment = experiment
    self.workers = workers
    self.masking = masking
    training = try corpus(source.training)
    validation = try corpus(source.validation)
  }

  /// Numbers of the model that it will write.
  package var parameterCount: Int {
    experiment.network(start, vocabulary: training.vocabulary.size).layout.count
  }

  package var trainingIdentity: TrainingIdentity {
    TrainingIdentity(
      data: [training.log.fingerprint, validation.log.fingerprint], split: nil, experiment: experiment,
      start: start?.summary)
  }

  /// Validated on the same masked tokens after every epoch.
  package func trainer(
    checkpoints: CheckpointWriter?, processes: any Processes = OneProcess(), shouldStop: @escaping @Sendable () -> Bool,
    observe: @escaping @Sendable (TrainingEvent) -> Void
  ) -> Trainer {
    Trainer(
      experiment: experiment,
      split: Split(training: training.log, validation: [], test: [], summary: SplitSummary(method: nil)),
      vocabulary: training.vocabulary, workers: workers, processes: processes,
      validator: MaskedTokenValidator(validation, masking: masking, workers: workers), checkpoints: checkpoints,
      shouldStop: shouldStop, observe: observe)
  }

  /// What is known of the run.
  package func record(of outcome: TrainingOutcome<BERT4Rec>, name: String) throws -> RunRecord {
    RunRecord(
      name: name,
      log: LogIdentity(
        name: URL(fileURLWithPath: source.training.path).lastPathComponent, fingerprint: training.log.fingerprint,
        users: training.account.sequences, items: source.tokenizer.vocabulary.count,
        events: training.account.tokens),
      configuration: try JSONValue(encoding: experiment), seed: experiment.seed, start: start?.summary,
      epochs: outcome.epochs, cost: RunCost(of: outcome.history, workers: workers))
  }

  /// Replaces the model directory at `url` by this run's model, with `cloze.json` and its record.
  package func write(_ outcome: TrainingOutcome<BERT4Rec>, record: RunRecord, to url: URL) throws {
    try outcome.write(
      record: record, split: .lines(of: URL(fileURLWithPath: source.validation.path).lastPathComponent),
      tokenizer: source.tokenizer, to: url)
  }
}

/// An experiment that lines of tokens cannot be pretrained with.
package enum PretrainingError: Error, CustomStringConvertible, Equatable {
  case objective(stage: String)
  case withoutPairs(stage: String)
  case noPieces(stage: String)

  package var description: String {
    switch self {
    case .objective(let stage):
      "stage \(stage) asks for more or less than masked tokens and next sentences, which is all that lines of tokens are "
        + "pretrained with; give every stage objectives.mlm, with objectives.nextSegment or without, and nothing else"
    case .withoutPairs(let stage):
      "stage \(stage) has no objectives.nextSegment, and another stage has; give it to all stages or to none"
    case .noPieces(let stage):
      "stage \(stage) masks whole words, but tokens between blanks have no pieces; "
        + "set objectives.mlm.wholeGroups to false, or read text with --tokens wordpiece"
    }
  }
}
