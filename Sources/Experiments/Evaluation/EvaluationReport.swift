import Interactions
import Kernels
import RankingMetrics
import SequentialModels

/// A model beside the baselines and, where the log's process is known, the best that is possible.
package struct EvaluationReport: Codable, Equatable, Sendable {
  /// The model's result; nil where only the baselines were asked for.
  package var model: EvaluationResult?
  /// Popularity first.
  package var baselines: [EvaluationResult]
  /// The true probabilities' ranking on the same questions.
  package var knownBest: EvaluationResult?

  /// Everything that was judged, in the order of a table.
  package var all: [EvaluationResult] { (model.map { [$0] } ?? []) + baselines + (knownBest.map { [$0] } ?? []) }
}

extension Evaluator {
  /// Judges a model and its rivals on the same questions and raises the alarms that need both; hands every rank table
  /// to `keep`.
  package func report(
    on model: (any SequentialRecommender)?, baselines: [any SequentialRecommender],
    knownBest: (any SequentialRecommender)? = nil, keep: (RankTable) throws -> Void = { _ in }
  ) rethrows -> EvaluationReport {
    func judge(_ recommender: any SequentialRecommender) throws -> EvaluationResult {
      let evaluation = evaluate(recommender)
      try keep(evaluation.ranks)
      return evaluation.result
    }
    var report = EvaluationReport(model: try model.map(judge), baselines: try baselines.map(judge))
    report.knownBest = try knownBest.map(judge)
    if let model = report.model, let popularity = report.baselines.first {
      report.model?.alarms += Alarm.raised(by: model, against: popularity)
    }
    return report
  }
}
