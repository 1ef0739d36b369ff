import Evaluation
import Foundation
import Interactions
import Items
import Kernels
import NeuralNetwork
import ModelFiles
import SequentialModels
import Training

/// Trains a comparison: the shared encoder once, then every variant with every seed, each evaluated on the test users and
/// kept as soon as it is done.
package struct ComparisonJob: Sendable {
  package let comparison: ComparisonPlan
  package let log: InteractionLog
  package let identity: LogIdentity
  /// How the log was read and prepared, for the records and the models.
  package var provenance: LogProvenance?
  package let split: Split
  package let rules: EvaluationRules
  package let workers: Workers
  /// What is known of items.
  private let items: ItemKnowledge

  /// What an observer of a comparison is told.
  package enum Event: Sendable {
    case pretraining
    /// The shared encoder is there from an earlier attempt.
    case pretrained
    case runBegan(variant: String, seed: UInt64, number: Int, of: Int)
    case training(TrainingEvent)
    /// - Parameter kept: whether an earlier attempt had made it.
    case runEnded(ComparedRun, kept: Bool)
  }

  /// - Throws: `ConfigurationError` for a variant that starts from a checkpoint or validates nothing; `SplitError`;
  ///   `TooFewUsersError` where the validation or the test has too few users.
  package init(
    _ comparison: ComparisonPlan, log: InteractionLog, identity: LogIdentity, split method: SplitMethod = .leaveOneOut,
    rules: EvaluationRules = EvaluationRules(), items: ItemKnowledge = ItemKnowledge(), workers: Workers
  ) throws {
    for experiment in comparison.variants.map(\.experiment) + [comparison.pretraining].compactMap(\.self) {
      if experiment.checkpoint != nil {
        throw ConfigurationError.wrongValue(
          "start.from", fault: "a comparison trains every encoder itself; leave start out")
      }
      if comparison.pretraining != nil, experiment.model.features != nil || experiment.start != nil {
        throw ConfigurationError.wrongValue(
          experiment.start == nil ? "model.features" : "start.newItems",
          fault: "poolings share an encoder that is pretrained on ids alone; add --from-scratch")
      }
      try experiment.checkStart()
      if experiment.heldOut != .validationAndTest {
        throw ConfigurationError.wrongValue(
          "heldOut", fault: "a comparison chooses weights by validation; leave it out")
      }
    }
    self.comparison = comparison
    self.log = log
    self.identity = identity
    self.split = try method.split(log)
    self.rules = rules
    self.workers = workers
    self.items = items
    try split.requireUsers(in: .test)
    try split.requireUsers(in: .validation)
  }

  /// Makes what is not there yet of the runs in `folder`, and says what all of them found.
  ///
  /// - Throws: `ComparisonError.interrupted` where a stop was requested; `TrainingError`; faults of the directory.
  package func compare(
    in url: URL, shouldStop: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (Event) throws -> Void = { _ in }
  ) throws -> ComparisonRecord {
    let folder = try ComparisonFolder(
      url,
      ComparisonFolder.Identity(
        comparison: comparison, log: identity, split: split.summary.method, rules: rules,
        items: items.fingerprint(for: comparison.variants.map(\.experiment))))
    var finished: [ComparedRun] = []
    let all = comparison.runs
    func stop() -> ComparisonError { .interrupted(finished: finished.count, of: all.count, path: url.path) }
    let start = try encoder(in: folder, shouldStop, observe)
    if shouldStop() { throw stop() }
    for (index, run) in all.enumerated() {
      if let kept = try folder.finished(run.variant.name, seed: run.seed) {
        finished.append(kept)
        try observe(.runEnded(kept, kept: true))
        continue
      }
      try observe(.runBegan(variant: run.variant.name, seed: run.seed, number: index + 1, of: all.count))
      guard let made = try make(run.variant, seed: run.seed, from: start?.model, in: folder, shouldStop, observe) else {
        throw stop()
      }
      finished.append(made)
      try observe(.runEnded(made, kept: false))
    }
    var record = ComparisonRecord(
      comparison, runs: finished, log: identity, pretrainingSeconds: start?.seconds, rules: rules)
    // The same for all runs, whose own records have it.
    record.provenance = provenance
    for variant in record.variants.indices {
      for run in record.variants[variant].runs.indices { record.variants[variant].runs[run].provenance = nil }
    }
    try RecordFile.write(record, to: folder.results)
    return record
  }

  /// The shared encoder, trained now or by an earlier attempt; nil where there is none.
  private func encoder(
    in folder: ComparisonFolder, _ shouldStop: @escaping @Sendable () -> Bool,
    _ observe: @escaping @Sendable (Event) throws -> Void
  ) throws -> (model: BERT4Rec, seconds: Double)? {
    guard let experiment = comparison.pretraining else { return nil }
    if RunRecord.exists(in: folder.pretrained) {
      try observe(.pretrained)
      let model = try ModelDirectory.load(folder.pretrained, workers: workers).model
      return (model, try RunRecord.read(in: folder.pretrained).cost?.trainingSeconds ?? 0)
    }
    try observe(.pretraining)
    let job = try job(experiment)
    let checkpoints = try checkpoints(of: job, for: folder.pretrained)
    let outcome = try trainer(job, checkpoints, shouldStop, observe).train()
    if let failure = outcome.failure { throw failure }
    if !outcome.wasInterrupted {
      try job.write(outcome, record: try job.record(of: outcome, name: "pretrained"), to: folder.pretrained)
      checkpoints.checkpoint.remove()
    }
    return (outcome.model, outcome.seconds)
  }

  /// Trains and evaluates one run; nil where a stop was requested, since half a training compares with nothing.
  private func make(
    _ variant: ComparisonPlan.Variant, seed: UInt64, from start: BERT4Rec?, in folder: ComparisonFolder,
    _ shouldStop: @escaping @Sendable () -> Bool, _ observe: @escaping @Sendable (Event) throws -> Void
  ) throws -> ComparedRun? {
    var experiment = variant.experiment
    experiment.seed = seed
    let job = try job(experiment)
    let place = folder.run(variant.name, seed: seed)
    let checkpoints = try checkpoints(of: job, for: place)
    let outcome = try trainer(job, checkpoints, shouldStop, observe).train(from: start?.adapted(to: experiment))
    if let failure = outcome.failure { throw failure }
    if outcome.wasInterrupted { return nil }
    let evaluator = Evaluator(rules: rules, split: split, log: identity, workers: workers)
    let model = BERT4Rec(
      network: outcome.model.network, parameters: outcome.model.parameters, vocabulary: outcome.model.vocabulary,
      workers: workers, name: "\(variant.name), seed \(seed)")
    guard let ranked = evaluator.evaluate(model, until: shouldStop) else { return nil }
    let record = try job.record(of: outcome, name: model.name).evaluated(
      by: EvaluationReport(model: ranked.result, baselines: []))
    try job.write(outcome, record: record, to: place) { folder in
      try RecordFile.write(ranked.ranks, to: folder.appendingPathComponent("ranks.json"))
    }
    checkpoints.checkpoint.remove()
    return ComparedRun(variant: variant.name, record: record, ranks: ranked.ranks)
  }

  private func job(_ experiment: Experiment) throws -> TrainingJob {
    let features = try experiment.model.features.map {
      try TrainingFeatures(
        $0, of: items, log: log, training: split.training, vocabulary: ItemVocabulary(items: log.itemCount))
    }
    var job = try TrainingJob(
      log: log, identity: identity, split: split, experiment: experiment, features: features,
      items: items, workers: workers)
    job.provenance = provenance
    return job
  }

  /// Keeps a training of this comparison, and resumes what an earlier attempt has kept of it, where it can.
  private func checkpoints(of job: TrainingJob, for model: URL) throws -> CheckpointWriter {
    let checkpoint = TrainingCheckpoint(beside: model, job.trainingIdentity)
    return try (try? CheckpointWriter(checkpoint, resuming: true)) ?? CheckpointWriter(checkpoint, resuming: false)
  }

  private func trainer(
    _ job: TrainingJob, _ checkpoints: CheckpointWriter, _ shouldStop: @escaping @Sendable () -> Bool,
    _ observe: @escaping @Sendable (Event) throws -> Void
  ) -> Trainer {
    job.trainer(checkpoints: checkpoints, shouldStop: shouldStop, observe: { try? observe(.training($0)) })
  }
}

extension BERT4Rec {
  /// This encoder's parameters in the network of `experiment`; what only that network has starts afresh from its seed.
  fileprivate func adapted(to experiment: Experiment) -> TrainingStart {
    let wanted = BERTNetwork(experiment.model.encoder(vocabulary: vocabulary.size))
    let fresh = wanted.initialParameters(seed: experiment.seed, deviation: experiment.model.initialDeviation)
    for tensor in wanted.layout.tensors {
      guard let own = network.layout.tensors.first(where: { $0.name == tensor.name }) else { continue }
      fresh[tensor].assign(parameters[own].values)
    }
    return TrainingStart(network: wanted, parameters: fresh)
  }
}
