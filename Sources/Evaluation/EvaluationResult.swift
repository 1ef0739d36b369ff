import RankingMetrics

/// What the evaluation of one model found, with its passport.
package struct EvaluationResult: Codable, Equatable, Sendable {
  package let name: String
  package let passport: Passport
  /// Every metric at every cut-off over the full ranking.
  package let results: [MeasuredValue]
  package let lists: ListStatistics
  package let cohorts: [CohortRecord]
  /// Metrics among sampled negatives, never to stand in one column with `results`.
  package let sampled: [SampledResult]
  /// The same ranking as other libraries print it.
  package let prints: [LibraryPrint]
  package var alarms: [Alarm]
  /// Seconds to score and rank all questions.
  package let seconds: Double

  init(table: RankTable, lists: ListStatistics, sampled: [SampledResult], seconds: Double, alarms: [Alarm]) {
    name = table.name
    passport = table.passport
    results = passport.rules.results(of: RankMetric.allCases, ranks: table.ranks)
    self.lists = lists
    cohorts = CohortDimension.allCases.flatMap { $0.cohorts(of: table) }
    self.sampled = sampled
    prints = LibraryPrint.all(ofRanks: table.ranks, cutoffs: passport.rules.cutoffs)
    self.alarms = alarms
    self.seconds = seconds
  }

  /// Microseconds to score one user and rank the catalogue; nil where nobody was asked.
  package var microsecondsPerUser: Double? {
    passport.questions == 0 ? nil : seconds * 1e6 / Double(passport.questions)
  }
}

/// Metrics among one target's sampled negatives.
package struct SampledResult: Codable, Equatable, Sendable {
  package let sampling: NegativeSampling
  package let results: [MeasuredValue]
}

/// A result with the ranks it was computed from.
package struct Evaluation: Sendable {
  package var result: EvaluationResult
  package let ranks: RankTable
}
