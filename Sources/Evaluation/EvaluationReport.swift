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

  package init(model: EvaluationResult?, baselines: [EvaluationResult]) {
    self.model = model
    self.baselines = baselines
  }

  /// Everything that was judged, in the order of a table.
  package var all: [EvaluationResult] { (model.map { [$0] } ?? []) + baselines + (knownBest.map { [$0] } ?? []) }
}

extension Evaluator {
  /// Judges a model and its rivals on the same questions and raises the alarms that need both; hands every rank table
  /// to `keep`.
  ///
  /// - Parameter heldOut: what the model has not learnt; the baselines are given the training part alone.
  package func report(
    on model: (any SequentialRecommender)?, holdingOut heldOut: HeldOut = .validationAndTest,
    baselines: [any SequentialRecommender],
    knownBest: (any SequentialRecommender)? = nil, keep: (RankTable) throws -> Void = { _ in }
  ) rethrows -> EvaluationReport {
    func judge(
      _ recommender: any SequentialRecommender, _ heldOut: HeldOut = .validationAndTest
    ) throws -> EvaluationResult {
      let evaluation = evaluate(recommender, holdingOut: heldOut)
      try keep(evaluation.ranks)
      return evaluation.result
    }
    var report = EvaluationReport(
      model: try model.map { try judge($0, heldOut) }, baselines: try baselines.map { try judge($0) })
    report.knownBest = try knownBest.map { try judge($0) }
    if let model = report.model, let popularity = report.baselines.first {
      report.model?.alarms += Alarm.raised(by: model, against: popularity)
    }
    return report
  }
}
