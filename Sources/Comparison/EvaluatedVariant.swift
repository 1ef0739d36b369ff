import Evaluation
import Foundation
import Interactions
import RankingMetrics
import Training

/// The runs of one variant, user by user.
///
/// Each user's figure is the mean over seeds, so that a difference is tested over users and not over lucky runs.
struct EvaluatedVariant {
  let name: String
  let runs: [ComparedRun]
  let rules: EvaluationRules
  /// NDCG at the main cut-off of each user, the mean over seeds.
  let perUser: [Double]
  let mean: Double

  init(_ name: String, _ runs: [ComparedRun], rules: EvaluationRules) {
    precondition(!runs.isEmpty, "a variant without runs")
    self.name = name
    self.runs = runs
    self.rules = rules
    perUser = Self.perUser(runs, .ndcg, rules.mainCutoff)
    mean = perUser.reduce(0, +) / Double(max(1, perUser.count))
  }

  private static func perUser(_ runs: [ComparedRun], _ metric: RankMetric, _ k: Int) -> [Double] {
    var sums = runs[0].ranks.values(of: metric, at: k)
    for run in runs.dropFirst() {
      for (index, value) in run.ranks.values(of: metric, at: k).enumerated() { sums[index] += value }
    }
    return sums.map { $0 / Double(runs.count) }
  }

  func record(difference: PairedDifference?) -> VariantRecord {
    let results = RankMetric.allCases.flatMap { metric in
      rules.cutoffs.map { rules.measured(MetricKey(metric, $0), values: Self.perUser(runs, metric, $0)) }
    }
    var deviations: [MetricKey: Double] = [:]
    if runs.count > 1 {
      for figure in results {
        deviations[figure.key] = Self.deviation(runs.compactMap { $0.record.results.first(figure.key)?.value })
      }
    }
    return VariantRecord(
      name: name, runs: runs.map(\.record), results: results, standardDeviations: deviations, difference: difference,
      cohorts: cohorts, cost: cost)
  }

  /// Means over seeds; users and parts are the same in all runs.
  private var cohorts: [Cohort] {
    let values = [RankMetric.hitRate, .ndcg].map { metric in
      (key: MetricKey(metric, rules.mainCutoff), perUser: Self.perUser(runs, metric, rules.mainCutoff))
    }
    return CohortDimension.allCases.flatMap { dimension in
      dimension.rows(of: runs[0].ranks).map { part, rows in
        Cohort(
          dimension: dimension.rawValue, part: part, users: rows.count,
          values: values.map { key, perUser in rules.measured(key, values: rows.map { perUser[$0] }) })
      }
    }
  }

  private var cost: RunCost? {
    let costs = runs.compactMap(\.record.cost)
    guard let first = costs.first else { return nil }
    let scoring = costs.compactMap(\.microsecondsPerUser)
    return RunCost(
      trainingSeconds: costs.reduce(0) { $0 + $1.trainingSeconds } / Double(costs.count),
      microsecondsPerUser: scoring.isEmpty ? nil : scoring.reduce(0, +) / Double(scoring.count),
      threads: first.threads, processor: first.processor)
  }

  /// The sample standard deviation.
  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(max(1, values.count - 1))).squareRoot()
  }
}

extension ComparisonRecord {
  /// What the runs of `comparison` say together: means over seeds, paired differences to the best over the same users.
  package init(
    _ comparison: ComparisonPlan, runs: [ComparedRun], log: LogIdentity, pretrainingSeconds: Double?,
    rules: EvaluationRules
  ) {
    let evaluated = comparison.variants.map { variant in
      EvaluatedVariant(variant.name, runs.filter { $0.variant == variant.name }, rules: rules)
    }.sorted { ($0.mean, $1.name) > ($1.mean, $0.name) }
    let differences = PairedDifference.family(
      evaluated.dropFirst().map { (a: $0.perUser, b: evaluated[0].perUser) }, bootstrap: rules.bootstrap,
      seed: rules.seed)
    let variants = evaluated.enumerated().map { place, variant in
      variant.record(difference: place == 0 ? nil : differences[place - 1])
    }
    var lines = runs.first?.record.protocol ?? []
    lines.append(ProtocolLine("seeds", comparison.seeds.map(String.init).joined(separator: ", ")))
    if let pretrainingSeconds {
      let seconds = String(format: "%.0f", pretrainingSeconds)
      lines.append(
        ProtocolLine(
          "shared encoder", "pretrained once in \(seconds) s; every variant starts from it with the same budget"))
    }
    lines.append(
      ProtocolLine("differences", "per user the mean over seeds; paired t test, p corrected after Holm"))
    self.init(
      name: comparison.name, factor: comparison.factor, metric: rules.mainMetric, log: log, variants: variants,
      verdict: ComparisonVerdict(evaluated, differences: differences, metric: rules.mainMetric, rules: rules).sentence,
      protocol: lines, warnings: runs.flatMap { run in run.record.warnings.map { "\(run.record.name): \($0)" } })
  }
}
