import Foundation
import Interactions
import Kernels
import RankingMetrics
import SequentialModels

extension Evaluator {
  /// Only HR@k and NDCG@k over all candidates: what early stopping reads after every epoch.
  package static func quick(
    _ recommender: any SequentialRecommender, _ cases: [EvaluationCase], seen: SeenRule = .remove, k: Int = 10,
    workers: Workers = Workers(threads: ProcessInfo.processInfo.activeProcessorCount)
  ) -> (hr: Double, ndcg: Double) {
    let ranks = Ranker(seen: seen, workers: workers).rank(recommender, cases).map(\.ranks)
    return (RankMetric.hitRate.mean(ofRanks: ranks, at: k), RankMetric.ndcg.mean(ofRanks: ranks, at: k))
  }
}
