import Interactions
import Kernels
import RankingMetrics
import SequentialModels

/// A model beside the baselines and, where the log's process is known, the best that is possible.
package struct EvaluationReport: Codable, Equatable, Sendable {
  /// The model's result; nil where only the baselines were evaluated.
  package var model: EvaluationResult?
  /// Popularity first.
  package var baselines: [EvaluationResult]
  /// The true probabilities' ranking on the same cases.
  package var knownBest: EvaluationResult?
  /// How the log was read and prepared, and what that found; nil in reports older than 0.2.
  package var provenance: LogProvenance?

  package init(model: EvaluationResult?, baselines: [EvaluationResult]) {
    self.model = model
    self.baselines = baselines
  }

  /// All results, in the order of a table.
  package var all: [EvaluationResult] { (model.map { [$0] } ?? []) + baselines + (knownBest.map { [$0] } ?? []) }
}

extension Evaluator {
  /// Evaluates a model and its rivals on the same cases and adds the warnings that need both; hands every rank table to
  /// `keep`.
  ///
  /// - Parameter heldOut: what the model has not learned; the baselines are given the training part alone.
  package func report(
    on model: (any SequentialRecommender)?, holdingOut heldOut: HeldOut = .validationAndTest,
    baselines: [any SequentialRecommender],
    knownBest: (any SequentialRecommender)? = nil, keep: (RankTable) throws -> Void = { _ in }
  ) rethrows -> EvaluationReport {
    func result(
      of recommender: any SequentialRecommender, _ heldOut: HeldOut = .validationAndTest
    ) throws -> EvaluationResult {
      let ranked = evaluate(recommender, holdingOut: heldOut)
      try keep(ranked.ranks)
      return ranked.result
    }
    var report = EvaluationReport(
      model: try model.map { try result(of: $0, heldOut) }, baselines: try baselines.map { try result(of: $0) })
    report.knownBest = try knownBest.map { try result(of: $0) }
    if let model = report.model, let popularity = report.baselines.first {
      report.model?.warnings += EvaluationWarning.raised(by: model, against: popularity)
    }
    return report
  }
}

/// The rivals that cost nothing, which every model has to beat.
package enum Baselines {
  /// Popularity first; recent popularity only where the log has times.
  ///
  /// - Parameter halfLife: seconds after which an event counts half in recent popularity.
  package static func all(
    _ training: InteractionLog, halfLife: Double = 30 * 86_400, workers: Workers
  ) -> [any SequentialRecommender] {
    let recent = Popularity(training, halfLife: halfLife)
    return [Popularity(training)] + (recent.map { [$0] } ?? [])
      + [LastItemMarkov(training), ItemKNN(training, workers: workers)]
  }
}
