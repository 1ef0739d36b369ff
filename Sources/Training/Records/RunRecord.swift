import Evaluation

/// Everything that is known about one training run, as `record.json` keeps it.
package struct RunRecord: Codable, Sendable, Equatable {
  /// What the run is called, e.g. the model directory's name.
  package var name: String
  /// The program and its version that made it.
  package var program: String
  package var log: LogIdentity
  package var configuration: JSONValue
  package var seed: UInt64
  /// What came from a checkpoint; nil where the weights started fresh.
  package var start: StartAccount?
  /// In the order they ran; an epoch repeats only across stages.
  package var epochs: [EpochRecord]
  /// Test figures of the model.
  package var results: [MeasuredValue]
  /// Test figures of the rivals judged on the same users, e.g. popularity.
  package var baselines: [BaselineRecord]
  package var cohorts: [CohortRecord]
  package var cost: RunCost
  package var passport: [PassportLine]
  /// What the evaluation found suspicious, one sentence each.
  package var alarms: [String]

  package init(
    name: String, program: String, log: LogIdentity, configuration: JSONValue, seed: UInt64,
    start: StartAccount? = nil, epochs: [EpochRecord] = [], results: [MeasuredValue] = [],
    baselines: [BaselineRecord] = [],
    cohorts: [CohortRecord] = [], cost: RunCost, passport: [PassportLine] = [], alarms: [String] = []
  ) {
    self.name = name
    self.program = program
    self.log = log
    self.configuration = configuration
    self.seed = seed
    self.start = start
    self.epochs = epochs
    self.results = results
    self.baselines = baselines
    self.cohorts = cohorts
    self.cost = cost
    self.passport = passport
    self.alarms = alarms
  }
}
