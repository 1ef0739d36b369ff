import Evaluation
import Foundation
import Interactions
import RankingMetrics
import Training

/// A comparison of variants of one experiment on the same users, as `results.json` keeps it.
package struct ComparisonRecord: Sendable, Equatable {
  package var name: String
  /// What differs between the variants: `pooling`, or a configuration key.
  package var factor: String
  /// The figure the verdict rests on: `NDCG@10`.
  package var metric: MetricKey
  package var log: LogIdentity
  /// How the log was read and prepared, and what that found; nil in records older than 0.2.
  package var provenance: LogProvenance?
  /// Best first.
  package var variants: [VariantRecord]
  /// The outcome in plain words.
  package var verdict: String
  package var `protocol`: [ProtocolLine]
  package var warnings: [String]

  package init(
    name: String, factor: String, metric: MetricKey, log: LogIdentity, variants: [VariantRecord], verdict: String,
    protocol: [ProtocolLine] = [], warnings: [String] = []
  ) {
    self.name = name
    self.factor = factor
    self.metric = metric
    self.log = log
    self.variants = variants
    self.verdict = verdict
    self.protocol = `protocol`
    self.warnings = warnings
  }
}

/// One variant of a comparison: its runs, one per seed, and what they say together.
package struct VariantRecord: Codable, Sendable, Equatable {
  package var name: String
  package var runs: [RunRecord]
  /// Mean over seeds, with the 95 % interval over users where one was computed.
  package var results: [MeasuredValue]
  /// Sample standard deviation over seeds; empty with a single seed.
  package var standardDeviations: [MetricKey: Double]
  /// This variant against the best one on the same users; nil for the best itself.
  package var difference: PairedDifference?
  /// Means over seeds.
  package var cohorts: [Cohort]
  /// Mean over seeds; nil where no run has kept it.
  package var cost: RunCost?

  package init(
    name: String, runs: [RunRecord], results: [MeasuredValue], standardDeviations: [MetricKey: Double] = [:],
    difference: PairedDifference? = nil, cohorts: [Cohort] = [], cost: RunCost? = nil
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

extension ComparisonRecord: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, factor, metric, log, provenance, variants, verdict, `protocol`, warnings
  }

  /// What versions before 0.2 called `protocol` and `warnings`.
  private enum OldKeys: String, CodingKey { case passport, alarms }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let old = try decoder.container(keyedBy: OldKeys.self)
    name = try container.decode(String.self, forKey: .name)
    factor = try container.decode(String.self, forKey: .factor)
    metric = try container.decode(MetricKey.self, forKey: .metric)
    log = try container.decode(LogIdentity.self, forKey: .log)
    provenance = try container.decodeIfPresent(LogProvenance.self, forKey: .provenance)
    variants = try container.decode([VariantRecord].self, forKey: .variants)
    verdict = try container.decode(String.self, forKey: .verdict)
    let isOld = old.contains(.passport)
    `protocol` =
      try isOld
      ? old.decode([ProtocolLine].self, forKey: .passport) : container.decode([ProtocolLine].self, forKey: .protocol)
    warnings =
      try isOld ? old.decode([String].self, forKey: .alarms) : container.decode([String].self, forKey: .warnings)
  }

  /// One row per run for a spreadsheet: factor's value, seed, every figure, epochs, cost.
  package var csv: String {
    let figures = variants.first?.runs.first?.results.map(\.key) ?? []
    let head = [factor, "seed"] + figures.map(\.description) + ["epochs", "training_seconds", "microseconds_per_user"]
    let rows = variants.flatMap { variant in
      variant.runs.map { run in
        [Self.quoted(variant.name), String(run.seed)]
          + figures.map { key in run.results.first(key).map { String($0.value) } ?? "" }
          + [
            String(run.epochs.count), run.cost.map { String($0.trainingSeconds) } ?? "",
            run.cost?.microsecondsPerUser.map { String($0) } ?? "",
          ]
      }
    }
    return ([head.map(Self.quoted)] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// RFC 4180.
  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
