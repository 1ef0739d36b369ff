import Evaluation
import Foundation
import Interactions
import Kernels
import SequentialModels

/// How good a model is on held-out events, beside the baselines it has to beat, and how that was found.
public struct Evaluation: Sendable, Equatable {
  /// A figure with the bounds of its 95 % interval over users.
  public struct Figure: Sendable, Equatable {
    /// `NDCG@10`
    public let name: String
    public let value: Double
    /// nil where no interval was computed.
    public let low, high: Double?

    init(_ measured: MeasuredValue) {
      (name, value) = (measured.key.description, measured.value)
      (low, high) = (measured.low, measured.high)
    }
  }

  /// The figures of a part of the users.
  public struct Cohort: Sendable, Equatable {
    /// How users are divided: `history length`.
    public let dimension: String
    /// Which part this is: `5–9`.
    public let part: String
    public let users: Int
    public let figures: [Figure]
  }

  /// What one recommender reached.
  public struct Result: Sendable, Equatable {
    public let name: String
    public let figures: [Figure]
    public let cohorts: [Cohort]
    /// The share of all items that stand in at least one list.
    public let coverage: Double
    /// How unevenly items are recommended: 0 evenly, towards 1 few items only.
    public let gini: Double
    /// The mean self-information of a recommended item, in bits.
    public let novelty: Double
    /// What looks suspicious, and what to do about it.
    public let warnings: [String]

    /// The figure called `name`, such as `NDCG@10` or `HR@5`; nil where it was not measured.
    public subscript(name: String) -> Figure? { figures.first { $0.name == name } }

    init(_ result: EvaluationResult) {
      name = result.name
      figures = result.results.map { Figure($0) }
      cohorts = result.cohorts.map {
        Cohort(dimension: $0.dimension, part: $0.part, users: $0.users, figures: $0.values.map { Figure($0) })
      }
      (coverage, gini, novelty) = (result.lists.coverage, result.lists.gini, result.lists.novelty)
      warnings = result.warnings.map(\.description)
    }
  }

  /// How an evaluation is done.
  public struct Options: Sendable {
    /// The k of every figure.
    public var cutoffs = [1, 5, 10, 20]
    /// Whether items of a user's history are no candidates.
    public var removesSeen = true
    /// Whether popularity, last-item Markov and item-kNN are evaluated, too.
    public var withBaselines = true
    /// How the log is cut; as for the model's training if nil.
    public var split: Training.Split?
    /// Whether another log, preparation or split than the model's training had is allowed.
    public var allowsOtherLog = false

    public init() {}
  }

  public let model: Result
  /// Popularity first; empty where none were wanted.
  public let baselines: [Result]
  /// What the figures stand for: split, candidates, ties, users left out.
  public let `protocol`: [(name: String, value: String)]

  public static func == (a: Evaluation, b: Evaluation) -> Bool {
    a.model == b.model && a.baselines == b.baselines
      && a.protocol.elementsEqual(b.protocol) { $0.name == $1.name && $0.value == $1.value }
  }

  init(_ report: EvaluationReport, _ model: EvaluationResult) {
    self.model = Result(model)
    baselines = report.baselines.map { Result($0) }
    `protocol` = model.protocol.lines.map { ($0.name, $0.value) }
  }
}

extension Recommender {
  /// Ranks all items for the held-out events of `log`, which is cut as it was for the model's training.
  ///
  /// When its task is cancelled it stops after the recommender under way and throws `CancellationError`. The work is done on
  /// threads of its own.
  /// - Throws: `ClozeError.log` where the log cannot be cut so, leaves too few users, or is not the model's.
  public func evaluate(
    on log: Log, options: Evaluation.Options = Evaluation.Options()
  ) async throws -> Evaluation {
    try await LongWork.stoppable { stop in
      do {
        return try evaluation(on: log, options, stop)
      } catch let error as CancellationError {
        throw error
      } catch {
        throw error as? ClozeError ?? .log("\(error)")
      }
    }
  }

  private func evaluation(on log: Log, _ options: Evaluation.Options, _ stop: StopFlag) throws -> Evaluation {
    if options.cutoffs.isEmpty || options.cutoffs.contains(where: { $0 < 1 }) {
      throw ClozeError.request("cutoffs \(options.cutoffs): expected whole numbers from 1, one at least")
    }
    let (card, workers) = (loaded.card, loaded.model.workers)
    let isOpen = options.split == nil && log.folds == nil
    let method = try isOpen ? card.method ?? .leaveOneOut : log.method(options.split)
    if !options.allowsOtherLog {
      if !card.logFingerprint.isEmpty, card.logFingerprint != log.fingerprint {
        throw ClozeError.log(
          "\(directory.path) was trained on another log, or on one that was prepared otherwise; give that one, or set "
            + "allowsOtherLog")
      }
      if let trained = card.method, trained != method {
        throw ClozeError.log(
          "\(directory.path) was trained with the split “\(trained)”, so under “\(method)” it may have learned the answers; "
            + "leave split out, or set allowsOtherLog")
      }
    }
    let split = try method.split(log.log)
    try split.requireUsers(in: .test)
    let rules = EvaluationRules(
      seen: options.removesSeen ? .remove : .keep, cutoffs: options.cutoffs,
      mainCutoff: options.cutoffs.contains(10) ? 10 : options.cutoffs.max() ?? 10)
    let evaluator = Evaluator(rules: rules, split: split, log: log.identity, workers: workers)
    let model = CatalogMappedRecommender(loaded.model, knowing: loaded.items, for: log.log.items)
    let report = try evaluator.report(
      on: model, holdingOut: card.heldOut ?? .validationAndTest,
      baselines: options.withBaselines ? Baselines.all(split.training, workers: workers) : []
    ) { _ in try stop.check() }
    guard var result = report.model else { preconditionFailure("a report without the model that it was given") }
    result.warnings += EvaluationWarning.raised(
      byTrainingOn: card.logFingerprint, split: card.method, unknownItems: model.unknownItems,
      evaluatedOn: log.identity, split.summary)
    return Evaluation(report, result)
  }
}
