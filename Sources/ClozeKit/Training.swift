import Evaluation
import Foundation
import Interactions
import Items
import Kernels
import RankingMetrics
import Synchronization
import Training

/// Trains a model on a log and writes it as a directory that Hugging Face opens, too.
public struct Training: Sendable {
  /// Keys of the configuration by their path, such as `"model.hidden": "128"` or `"stages.0.epochs": "20"`.
  public var settings: [String: String]
  /// The same seed gives the same model on any number of threads.
  public var seed: UInt64
  /// As many as there are processors if nil.
  public var threads: Int?
  /// Whether to resume a training of the same model that was killed or cancelled, where there is one; it then ends with
  /// the same bytes as if nothing had happened.
  public var resumes: Bool
  /// A file of what the items are, with a row per item: needed where `settings` name its columns as features, such as
  /// `"model.features.columns": "[genres, year]"`.
  public var items: URL?

  public init(
    settings: [String: String] = [:], seed: UInt64 = 1, threads: Int? = nil, resumes: Bool = false, items: URL? = nil
  ) {
    self.settings = settings
    self.seed = seed
    self.threads = threads
    self.resumes = resumes
    self.items = items
  }

  /// What a training reached.
  public struct Outcome: Sendable, Equatable {
    public let seconds: Double
    public let epochs: Int
    /// Figures of the kept weights on the validation users, by name: `HR@10`, `NDCG@10`.
    public let validation: [String: Double]
  }

  /// Trains on `log` and replaces the model in `directory`.
  ///
  /// When its task is cancelled, training stops after the current step, writes the best model so far, and throws
  /// `CancellationError`. While it runs a checkpoint is kept beside the directory, at most once a minute, for `resumes`.
  /// - Throws: `ClozeError` naming the key, the log's fault, or the system's reason.
  public func train(on log: Log, into directory: URL) async throws -> Outcome {
    let job = try job(on: log)
    let stop = StopFlag()
    let outcome = try await withTaskCancellationHandler {
      do {
        let checkpoints = try job.checkpoints(for: directory, resuming: resumes)
        return try job.train(into: directory, checkpoints: checkpoints, shouldStop: { stop.isRaised }).outcome
      } catch let error as TrainingError {
        throw ClozeError.training("\(error)")
      } catch {
        throw ClozeError.model("\(error)")
      }
    } onCancel: {
      stop.raise()
    }
    if outcome.wasInterrupted { throw CancellationError() }
    if let failure = outcome.failure { throw ClozeError.training("\(failure)") }
    return Outcome(
      seconds: outcome.seconds, epochs: outcome.epochs.count,
      validation: Dictionary(
        outcome.best.map { ($0.key.description, $0.value) }, uniquingKeysWith: { first, _ in first }))
  }

  private func job(on log: Log) throws(ClozeError) -> TrainingJob {
    let experiment = try experiment(for: log.log)
    let identity = LogIdentity(
      name: log.name, fingerprint: log.fingerprint, users: log.log.userCount, items: log.log.itemCount,
      events: log.log.eventCount)
    do {
      var job = try TrainingJob(
        log: log.log, identity: identity, experiment: experiment, items: items.map { try ItemTable.read($0.path) },
        workers: Workers(threads: max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount)))
      job.provenance = log.provenance
      return job
    } catch {
      throw .training("\(error)")
    }
  }

  private func experiment(for log: InteractionLog) throws(ClozeError) -> Experiment {
    do {
      var experiment = Recipe.standard.experiment(for: log)
      for (key, value) in settings.sorted(by: { $0.key < $1.key }) {
        experiment = try experiment.with(ConfigurationTree.single(key, value))
      }
      experiment.seed = seed
      return experiment
    } catch {
      throw .configuration("\(error)")
    }
  }
}

/// Raised where the task is cancelled, read between steps.
private final class StopFlag: Sendable {
  private let flag = Atomic<Bool>(false)
  var isRaised: Bool { flag.load(ordering: .relaxed) }
  func raise() { flag.store(true, ordering: .relaxed) }
}
