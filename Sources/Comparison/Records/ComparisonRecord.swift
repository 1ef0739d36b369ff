import Evaluation

/// A comparison of variants of one experiment on the same users, as `results.json` keeps it.
package struct ComparisonRecord: Codable, Sendable, Equatable {
  package var name: String
  /// What differs between the variants: `pooling`, or a configuration key.
  package var factor: String
  /// The figure the verdict rests on: `NDCG@10`.
  package var metric: String
  package var log: LogIdentity
  /// Best first.
  package var variants: [VariantRecord]
  /// The outcome in plain words.
  package var verdict: String
  package var passport: [PassportLine]
  package var alarms: [String]

  package init(
    name: String, factor: String, metric: String, log: LogIdentity, variants: [VariantRecord], verdict: String,
    passport: [PassportLine] = [], alarms: [String] = []
  ) {
    self.name = name
    self.factor = factor
    self.metric = metric
    self.log = log
    self.variants = variants
    self.verdict = verdict
    self.passport = passport
    self.alarms = alarms
  }
}
