import Evaluation
import Foundation
import Interactions
import Items
import Kernels
import RankingMetrics
import Training

/// Trains a model on a log and writes it as a directory that Hugging Face opens, too.
public struct Training: Sendable {
  /// What is changed of the recipe: typed, or by path.
  public var settings: Settings
  /// The same seed gives the same model on any number of threads.
  public var seed: UInt64
  /// As many as there are processors if nil.
  public var threads: Int?
  /// Whether to resume a training of the same model that was killed or cancelled, where there is one; it then ends with
  /// the same bytes as if nothing had happened.
  public var resumes: Bool
  /// A file of what the items are, with a row per item: needed where `settings` name its columns as features, such as
  /// `"model.features.columns": "[genres, year]"`, or as words, such as `"model.features.text": "[title]"`.
  public var items: URL?
  /// The recipe that `settings` are laid over; the default, or what suits `startsFrom`, if nil.
  public var recipe: Recipe?
  /// A model directory to fine-tune from, ours or a Hugging Face BERT; fresh weights if nil.
  public var startsFrom: URL?
  /// What is held out for validation and test; leave-one-out, or as the folds of the log are, if nil.
  public var split: Split?

  public init(
    settings: Settings = Settings(), seed: UInt64 = 1, threads: Int? = nil, resumes: Bool = false, items: URL? = nil,
    recipe: Recipe? = nil, startsFrom: URL? = nil, split: Split? = nil
  ) {
    self.recipe = recipe
    self.startsFrom = startsFrom
    self.split = split
    self.settings = settings
    self.seed = seed
    self.threads = threads
    self.resumes = resumes
    self.items = items
  }

  /// How a log is cut.
  public enum Split: Sendable, Equatable {
    /// The last event of every user is the test, the one before it validation.
    case leaveOneOut
    /// What lies behind this share of all events, in time, is the test.
    case globalTime(testFrom: Double)
    /// The last event of this share of the users, who train nothing.
    case newUsers(share: Double)
    /// The events of this share of the items, which train nothing.
    case coldItems(share: Double)

    var method: SplitMethod {
      switch self {
      case .leaveOneOut: .leaveOneOut
      case .globalTime(let share): .globalTime(GlobalTime(testFrom: .fraction(share)))
      case .newUsers(let share): .newUsers(DrawnShare(share: share, seed: 1))
      case .coldItems(let share): .coldItems(DrawnShare(share: share, seed: 1))
      }
    }
  }

  /// What happens while a model trains.
  public enum Event: Sendable, Equatable {
    /// A stage of at most so many epochs of so many sequences begins.
    case stageBegan(stage: String, epochs: Int, sequences: Int)
    /// A step was taken; `done` is the share of the epoch.
    case stepped(stage: String, epoch: Int, done: Double, loss: Double)
    /// An epoch has ended; `isBest` where its weights are the best so far on the validation users.
    case epochEnded(stage: String, epoch: Int, loss: Double, validation: [String: Double], isBest: Bool)
    /// The model is written.
    case finished(Outcome)

    init?(_ event: TrainingEvent) {
      switch event {
      case .stageBegan(let stage, _, let sequences):
        self = .stageBegan(stage: stage.name, epochs: stage.epochs, sequences: sequences)
      case .stepped(let stage, let epoch, let done, let loss, _):
        self = .stepped(stage: stage, epoch: epoch, done: done, loss: loss)
      case .epochEnded(let record, _, let isBest, _):
        self = .epochEnded(
          stage: record.stage, epoch: record.epoch, loss: record.loss, validation: Outcome.named(record.validation),
          isBest: isBest)
      case .resumed, .checkpointFailed, .stopping, .validationEnded, .fallBegan, .stageEnded: return nil
      }
    }
  }

  /// What a training reached.
  public struct Outcome: Sendable, Equatable {
    public let seconds: Double
    public let epochs: Int
    /// Figures of the kept weights on the validation users, by name: `HR@10`, `NDCG@10`.
    public let validation: [String: Double]

    static func named(_ values: [MeasuredValue]) -> [String: Double] {
      Dictionary(values.map { ($0.key.description, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// Trains as `train` does; what happens comes as a sequence that ends with `finished`. Ending the loop early cancels.
  public func events(on log: Log, into directory: URL) -> AsyncThrowingStream<Event, any Error> {
    LongWork.events { tell in .finished(try await train(on: log, into: directory, observe: tell)) }
  }

  /// Trains on `log` and replaces the model in `directory`.
  ///
  /// When its task is cancelled, training stops after the current step, writes the best model so far, and throws
  /// `CancellationError`. While it runs a checkpoint is kept beside the directory, at most once a minute, for `resumes`.
  /// The work is done on threads of its own: those of Swift's concurrency stay free.
  /// - Parameter observe: called for what happens, on a thread of the training.
  /// - Throws: `ClozeError` naming the key, the log's fault, or the system's reason.
  public func train(
    on log: Log, into directory: URL, observe: @escaping @Sendable (Event) -> Void = { _ in }
  ) async throws -> Outcome {
    let (_, outcome, _) = try await LongWork.train(
      { try job(on: log) }, into: directory, resuming: resumes, observe: observe)
    return Outcome(
      seconds: outcome.seconds, epochs: outcome.epochs.count, validation: Outcome.named(outcome.best))
  }

  private func job(on log: Log) throws(ClozeError) -> TrainingJob {
    let (experiment, method) = (try experiment(for: log.log), try log.method(split))
    do {
      let workers = Workers(threads: max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount))
      var known = ItemKnowledge(table: try items.map { try ItemTable.read($0.path) })
      _ = try known.readWords(for: [experiment], log: log.log, cache: nil, workers: workers)
      var job = try TrainingJob(
        log: log.log, identity: log.identity, split: method, experiment: experiment,
        items: known, workers: workers)
      job.provenance = log.provenance
      return job
    } catch {
      throw .training("\(error)")
    }
  }

  private func experiment(for log: InteractionLog) throws(ClozeError) -> Experiment {
    do {
      var experiment = try base(for: log)
      experiment = try experiment.with(settings.changes(stages: experiment.stages.count))
      experiment.seed = seed
      return experiment
    } catch {
      throw .configuration("\(error)")
    }
  }
}

extension Training {
  /// What settings are laid over: the recipe in its sizes for `log`, or what suits the model to start from.
  private func base(for log: InteractionLog) throws -> Experiment {
    let named = try recipe.map { try $0.known() }
    guard let startsFrom else { return (named ?? standard(for: log)).experiment(for: log) }
    let model = try ModelConfiguration(checkpoint: startsFrom)
    var experiment = (named ?? .fitting(model)).experiment(for: log)
    if named == nil { experiment.model = model }
    return try experiment.with(.object(["start": .object(["from": .text(startsFrom.path)])]))
  }

  /// The recipe where none is named.
  private func standard(for log: InteractionLog) -> KnownRecipe {
    .standard(for: log, stagesAreSet: settings.nameStages)
  }
}

extension Training {
  /// All that a training on `log` would use, as YAML that `cloze train --config` reads, too; each key that the log or the
  /// recipe decides has its reason behind it.
  ///
  /// - Throws: `ClozeError.configuration`.
  public func configuration(for log: Log) throws(ClozeError) -> String {
    let experiment = try experiment(for: log.log)
    do {
      let named = try recipe?.known() ?? standard(for: log.log)
      var reasons = SettingReasons()
      if startsFrom == nil { reasons = try SettingReasons(named.sized(for: log.log), recipe: named.rawValue) }
      reasons.lay(try settings.changes(stages: experiment.stages.count), of: "settings")
      return try YAMLText.of(experiment, reasons: reasons)
    } catch {
      throw .configuration("\(error)")
    }
  }
}
