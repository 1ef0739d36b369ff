import RankingMetrics

/// How models are judged; part of every result.
package struct EvaluationRules: Codable, Equatable, Sendable {
  package var seen: SeenRule
  /// The k of every metric, ascending.
  package var cutoffs: [Int]
  /// The k of cohorts, top lists, alarms and verdicts.
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
}
