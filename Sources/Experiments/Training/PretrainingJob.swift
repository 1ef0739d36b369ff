import Foundation
import Interactions
import Kernels
import SequentialModels

/// Masked pretraining on lines of tokens: from the lines to a model directory.
package struct PretrainingJob: Sendable {
  package let source: PretrainingSource
  package let experiment: Experiment
  package let training: TokenCorpus
  package let validation: TokenCorpus
  package let workers: Workers
  private let masking: Objectives.Masking

  /// - Throws: `PretrainingError` where the experiment asks for more than masked tokens or for other sizes than the
  ///   checkpoint has; `TokenLinesError` where a file has nothing to learn from.
  package init(_ source: PretrainingSource, experiment: Experiment, workers: Workers) throws {
    for stage in experiment.stages where stage.objectives != Objectives(mlm: stage.objectives.mlm) {
      throw PretrainingError.objective(stage: stage.name)
    }
    guard let masking = experiment.stages.last?.objectives.mlm else { throw PretrainingError.objective(stage: "none") }
    if let checkpoint = source.checkpoint {
      let (own, asked) = (ModelConfiguration(checkpoint.configuration), experiment.model)
      for (key, found, wanted) in [
        ("hidden", own.hidden, asked.hidden), ("layers", own.layers, asked.layers), ("heads", own.heads, asked.heads),
        ("inner", own.inner ?? 4 * own.hidden, asked.inner ?? 4 * asked.hidden),
      ] where found != wanted {
        throw PretrainingError.size(key: "model.\(key)", found: found, asked: wanted)
      }
    }
    let isText = if case .wordPiece = source.tokenizer.kind { true } else { false }
    func corpus(_ lines: TokenLines) throws(TokenLinesError) -> TokenCorpus {
      try TokenCorpus(lines, tokenizer: source.tokenizer, positions: experiment.model.length, framed: isText)
    }
    self.source = source
    self.experiment = experiment
    self.workers = workers
    self.masking = masking
    training = try corpus(source.training)
    validation = try corpus(source.validation)
  }

  /// Trains until the epochs or the patience are used up; validation asks for the same masked tokens after every epoch.
  package func run(
    shouldStop: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) -> TrainingOutcome {
    let trainer = Trainer(
      experiment: experiment, split: Split(training: training.log, validation: [], test: []),
      vocabulary: training.vocabulary, workers: workers,
      judge: MaskedTokenJudge(validation, masking: masking, workers: workers), shouldStop: shouldStop, observe: observe)
    return try trainer.run(from: start)
  }

  /// The checkpoint's network with this experiment's dropout.
  private var start: BERT4Rec? {
    source.checkpoint.map { checkpoint in
      var configuration = BERTConfiguration(
        checkpoint.configuration, nextSegmentHead: checkpoint.configuration.architecture == .preTraining)
      configuration.dropout = experiment.model.dropout
      configuration.attentionDropout = experiment.model.attentionDropout
      let network = BERTNetwork(configuration)
      return BERT4Rec(
        network: network, parameters: network.parameters(from: checkpoint, seed: experiment.seed),
        vocabulary: training.vocabulary, workers: workers)
    }
  }

  /// What is known of the run.
  package func record(of outcome: TrainingOutcome, name: String) throws -> RunRecord {
    RunRecord(
      name: name, program: "\(Program.name) \(Program.version)",
      log: LogIdentity(
        name: URL(fileURLWithPath: source.training.path).lastPathComponent, fingerprint: training.log.fingerprint,
        users: training.account.sequences, items: source.tokenizer.vocabulary.count,
        interactions: training.account.tokens),
      configuration: try JSONValue(encoding: experiment), seed: experiment.seed, epochs: outcome.epochs,
      cost: RunCost(trainingSeconds: outcome.seconds, threads: workers.threads, processor: Processor.name))
  }

  /// Replaces the model directory at `url` by this run's model, with `cloze.json` and `record.json`.
  package func write(_ outcome: TrainingOutcome, record: RunRecord, to url: URL) throws {
    try outcome.write(
      record: record, split: "lines of \(URL(fileURLWithPath: source.validation.path).lastPathComponent) held out",
      tokenizer: source.tokenizer, to: url)
  }
}

/// An experiment that lines of tokens cannot be pretrained with.
package enum PretrainingError: Error, CustomStringConvertible, Equatable {
  case objective(stage: String)
  case size(key: String, found: Int, asked: Int)

  package var description: String {
    switch self {
    case .objective(let stage):
      "stage \(stage) asks for more or less than masked tokens, which is all that lines of tokens are pretrained with; "
        + "give every stage objectives.mlm and nothing else"
    case .size(let key, let found, let asked):
      "\(key) is \(asked), but the checkpoint has \(found), and its weights fit no other; leave \(key) out"
    }
  }
}
