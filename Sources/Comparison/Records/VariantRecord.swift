import Evaluation
import Training

/// One variant of a comparison: its runs, one per seed, and what they say together.
package struct VariantRecord: Codable, Sendable, Equatable {
  package var name: String
  package var runs: [RunRecord]
  /// Mean over seeds, with the 95 % interval over users where one was computed.
  package var results: [MeasuredValue]
  /// Sample standard deviation over seeds by figure's name; empty with a single seed.
  package var standardDeviations: [String: Double]
  /// This variant against the best one on the same users; nil for the best itself.
  package var difference: PairedDifference?
  /// Means over seeds.
  package var cohorts: [CohortRecord]
  /// Mean over seeds.
  package var cost: RunCost

  package init(
    name: String, runs: [RunRecord], results: [MeasuredValue], standardDeviations: [String: Double] = [:],
    difference: PairedDifference? = nil, cohorts: [CohortRecord] = [], cost: RunCost
  ) {
    self.name = name
    self.runs = runs
    self.results = results
    self.standardDeviations = standardDeviations
    self.difference = difference
    self.cohorts = cohorts
    self.cost = cost
  }
}
