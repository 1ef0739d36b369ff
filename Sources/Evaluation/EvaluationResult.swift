import RankingMetrics

/// What the evaluation of one model found, with its protocol.
package struct EvaluationResult: Codable, Equatable, Sendable {
  package let name: String
  package let `protocol`: EvaluationProtocol
  /// Every metric at every cut-off over the full ranking.
  package let results: [MeasuredValue]
  package let lists: ListStatistics
  package let cohorts: [Cohort]
  /// Where the targets stood.
  package let rankBands: [RankBand]
  /// Metrics among sampled negatives, never to stand in one column with `results`.
  package let sampled: [SampledResult]
  /// The same ranking as other libraries print it.
  package let otherLibraries: [CrossLibraryMetrics]
  package var warnings: [EvaluationWarning]
  /// Seconds to score and rank all cases.
  package let seconds: Double

  init(
    table: RankTable, lists: ListStatistics, sampled: [SampledResult], seconds: Double, warnings: [EvaluationWarning]
  ) {
    name = table.name
    `protocol` = table.protocol
    let rules = table.protocol.rules
    results = rules.results(of: RankMetric.allCases, ranks: table.ranks)
    self.lists = lists
    cohorts = CohortDimension.allCases.flatMap { $0.cohorts(of: table) }
    rankBands = RankBand.bands(of: table.ranks)
    self.sampled = sampled
    otherLibraries = CrossLibraryMetrics.all(ofRanks: table.ranks, cutoffs: rules.cutoffs)
    self.warnings = warnings
    self.seconds = seconds
  }

  /// Microseconds to score one user and rank the catalogue; nil where there was no user.
  package var microsecondsPerUser: Double? {
    `protocol`.cases == 0 ? nil : seconds * 1e6 / Double(`protocol`.cases)
  }

  /// What a record keeps.
  package var summary: EvaluationSummary {
    EvaluationSummary(name: name, results: results, cohorts: cohorts, lists: lists, rankBands: rankBands)
  }
}

/// Metrics among one target's sampled negatives.
package struct SampledResult: Codable, Equatable, Sendable {
  package let sampling: NegativeSampling
  package let results: [MeasuredValue]
}

/// A result with the ranks it was computed from.
package struct RankedResult: Sendable {
  package var result: EvaluationResult
  package let ranks: RankTable
}
