import Evaluation

extension RunRecord {
  /// This record with the figures of an evaluation of its model.
  package func judged(by report: EvaluationReport) -> RunRecord {
    guard let model = report.model else { return self }
    var record = self
    record.results = model.results
    record.baselines = (report.baselines + (report.knownBest.map { [$0] } ?? [])).map {
      BaselineRecord(name: $0.name, results: $0.results)
    }
    record.cohorts = model.cohorts
    record.passport = model.passport.lines
    record.alarms = model.alarms.map(\.description)
    record.cost.microsecondsPerUser = model.microsecondsPerUser
    return record
  }
}
