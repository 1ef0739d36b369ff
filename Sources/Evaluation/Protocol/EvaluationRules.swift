import Interactions
import RankingMetrics

/// How models are evaluated; part of every result.
package struct EvaluationRules: Codable, Equatable, Sendable {
  package var seen: SeenRule
  /// The k of every metric, ascending.
  package var cutoffs: [Int]
  /// The k of cohorts, top lists, warnings and verdicts.
  package var mainCutoff: Int
  /// Sampled metrics to print beside the full ranking.
  package var negatives: [NegativeSampling]
  package var bootstrap: Bootstrap
  /// The seed of the bootstrap.
  package var seed: UInt64

  package init(
    seen: SeenRule = .remove, cutoffs: [Int] = [1, 5, 10, 20], mainCutoff: Int = 10,
    negatives: [NegativeSampling] = [], bootstrap: Bootstrap = Bootstrap(), seed: UInt64 = 1
  ) {
    precondition(mainCutoff >= 1 && cutoffs.allSatisfy { $0 >= 1 }, "cut-offs \(cutoffs) and \(mainCutoff)")
    self.seen = seen
    self.cutoffs = Set(cutoffs).sorted()
    self.mainCutoff = mainCutoff
    self.negatives = negatives
    self.bootstrap = bootstrap
    self.seed = seed
  }

  /// The figure that verdicts, cohorts and warnings rest on.
  package var mainMetric: MetricKey { MetricKey(.ndcg, mainCutoff) }

  /// Each metric at each cut-off, with its interval over users.
  func results(of metrics: [RankMetric], ranks: [[Int]]) -> [MeasuredValue] {
    metrics.flatMap { metric in cutoffs.map { measured(metric, at: $0, ranks: ranks) } }
  }

  /// The mean of `metric` over users with its interval.
  func measured(_ metric: RankMetric, at k: Int, ranks: [[Int]]) -> MeasuredValue {
    measured(MetricKey(metric, k), values: ranks.map { metric.value(ofRanks: $0, at: k) })
  }

  /// The mean of one value per user with its interval; the same seed, so the same resamples, for every figure.
  package func measured(_ key: MetricKey, values: [Double]) -> MeasuredValue {
    var random = SplitMix64(seed: seed)
    let interval = bootstrap.interval(ofMean: values, using: &random)
    return MeasuredValue(
      key, values.reduce(0, +) / Double(max(1, values.count)), low: interval?.low, high: interval?.high)
  }
}

/// Whether items of a user's history stand among the candidates.
package enum SeenRule: String, Codable, CaseIterable, Sendable {
  /// Items of the history are no candidates; a target that stands in the history all the same stays one.
  case remove
  /// Every item is a candidate.
  case keep
}
