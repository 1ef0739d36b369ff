import Interactions
import RankingMetrics

extension EvaluationRules {
  /// Each metric at each cut-off, with its interval over users.
  func results(of metrics: [RankMetric], ranks: [[Int]]) -> [MeasuredValue] {
    metrics.flatMap { metric in cutoffs.map { measured(metric, at: $0, ranks: ranks) } }
  }

  /// The mean of `metric` over users with its interval; the same seed, so the same resamples, for every metric.
  func measured(_ metric: RankMetric, at k: Int, ranks: [[Int]]) -> MeasuredValue {
    let values = ranks.map { metric.value(ofRanks: $0, at: k) }
    var random = SplitMix64(seed: seed)
    let interval = bootstrap.interval(ofMean: values, using: &random)
    return MeasuredValue(
      "\(metric.rawValue)@\(k)", metric.mean(ofRanks: ranks, at: k), low: interval?.low, high: interval?.high)
  }
}
