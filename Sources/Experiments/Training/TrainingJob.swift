import Foundation
import Interactions
import Kernels
import NeuralNetwork
import SequentialModels

/// A training run from log to model directory: splits, trains, writes the model with its card and its record.
package struct TrainingJob: Sendable {
  package let log: InteractionLog
  package let identity: LogIdentity
  package let split: Split
  package let experiment: Experiment
  package let workers: Workers

  /// - Throws: `SplitError` where the log cannot be cut so.
  package init(
    log: InteractionLog, identity: LogIdentity, split method: SplitMethod = .leaveOneOut, experiment: Experiment,
    workers: Workers
  ) throws(SplitError) {
    self.log = log
    self.identity = identity
    self.split = try method.split(log)
    self.experiment = experiment
    self.workers = workers
  }

  /// A run on a log that is cut already.
  package init(
    log: InteractionLog, identity: LogIdentity, split: Split, experiment: Experiment, workers: Workers
  ) {
    self.log = log
    self.identity = identity
    self.split = split
    self.experiment = experiment
    self.workers = workers
  }

  /// Trains on the training part of the split, judged by its validation questions.
  package func run(
    shouldStop: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) -> TrainingOutcome {
    let trainer = Trainer(
      experiment: experiment, split: split, vocabulary: ItemVocabulary(items: log.itemCount),
      workers: workers, shouldStop: shouldStop, observe: observe)
    return try trainer.run()
  }

  /// What is known of the run before any evaluation.
  package func record(of outcome: TrainingOutcome, name: String) throws -> RunRecord {
    RunRecord(
      name: name, program: "\(Program.name) \(Program.version)", log: identity,
      configuration: try JSONValue(encoding: experiment), seed: experiment.seed, epochs: outcome.epochs,
      cost: RunCost(trainingSeconds: outcome.seconds, threads: workers.threads, processor: Processor.name))
  }

  /// Replaces the model directory at `url` by this run's model, with `cloze.json`, `record.json` and what `also` adds.
  package func write(
    _ outcome: TrainingOutcome, record: RunRecord, to url: URL, also: (URL) throws -> Void = { _ in }
  ) throws {
    let tokenizer = Tokenizer(Vocabulary(items: log.items.names), kind: .whitespace(escaped: true))
    try outcome.write(record: record, split: split.account.method, tokenizer: tokenizer, to: url, also: also)
  }
}
