import Evaluation
import Foundation
import Interactions
import RankingMetrics
import Training

extension ComparisonRecord {
  /// What the runs of `comparison` say together: means over seeds, paired differences to the best over the same users.
  ///
  /// Each user's figure is the mean over seeds, so that a difference is tested over users and not over lucky runs.
  package init(
    _ comparison: Comparison, runs: [ComparedRun], log: LogIdentity, pretrainingSeconds: Double?,
    rules: EvaluationRules
  ) {
    let metric = "NDCG@\(rules.mainCutoff)"
    let judged = comparison.variants.map { variant in
      JudgedVariant(variant.name, runs.filter { $0.variant == variant.name }, rules: rules)
    }.sorted { ($0.mean, $1.name) > ($1.mean, $0.name) }
    let best = judged[0]
    let differences = PairedDifference.toBest(
      best.perUser, of: judged.dropFirst().map(\.perUser), bootstrap: rules.bootstrap, seed: rules.seed)
    let variants = judged.enumerated().map { place, variant in
      variant.record(difference: place == 0 ? nil : differences[place - 1])
    }
    var passport = runs.first?.record.passport ?? []
    passport.append(PassportLine("seeds", comparison.seeds.map(String.init).joined(separator: ", ")))
    if let pretrainingSeconds {
      let seconds = String(format: "%.0f", pretrainingSeconds)
      passport.append(
        PassportLine(
          "shared encoder", "pretrained once in \(seconds) s; every variant goes on from it with the same budget"))
    }
    passport.append(
      PassportLine("differences", "per user the mean over seeds; paired t test, p corrected after Holm"))
    self.init(
      name: comparison.name, factor: comparison.factor, metric: metric, log: log, variants: variants,
      verdict: ComparisonVerdict(judged, differences: differences, metric: metric, rules: rules).sentence,
      passport: passport,
      alarms: runs.flatMap { run in run.record.alarms.map { "\(run.record.name): \($0)" } })
  }
}

/// The runs of one variant, user by user.
struct JudgedVariant {
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
    let results = RankMetric.allCases.flatMap { metric in rules.cutoffs.map { measured(metric, $0) } }
    var deviations: [String: Double] = [:]
    if runs.count > 1 {
      for figure in results {
        deviations[figure.name] = Self.deviation(runs.compactMap { $0.record.results.named(figure.name)?.value })
      }
    }
    return VariantRecord(
      name: name, runs: runs.map(\.record), results: results, standardDeviations: deviations, difference: difference,
      cohorts: cohorts, cost: cost)
  }

  private func measured(_ metric: RankMetric, _ k: Int) -> MeasuredValue {
    let values = Self.perUser(runs, metric, k)
    var random = SplitMix64(seed: rules.seed)
    let interval = rules.bootstrap.interval(ofMean: values, using: &random)
    return MeasuredValue(
      "\(metric.rawValue)@\(k)", values.reduce(0, +) / Double(max(1, values.count)), low: interval?.low,
      high: interval?.high)
  }

  /// Means over seeds; users and parts are the same in all runs.
  private var cohorts: [CohortRecord] {
    let table = runs[0].ranks
    return CohortDimension.allCases.flatMap { dimension in
      dimension.rows(of: table).map { part, rows in
        CohortRecord(
          dimension: dimension.rawValue, cohort: part, users: rows.count,
          values: [RankMetric.hitRate, .ndcg].map { metric in
            let values = Self.perUser(runs, metric, rules.mainCutoff)
            let own = rows.map { values[$0] }
            var random = SplitMix64(seed: rules.seed)
            let interval = rules.bootstrap.interval(ofMean: own, using: &random)
            return MeasuredValue(
              "\(metric.rawValue)@\(rules.mainCutoff)", own.reduce(0, +) / Double(own.count), low: interval?.low,
              high: interval?.high)
          })
      }
    }
  }

  private var cost: RunCost {
    let costs = runs.map(\.record.cost)
    let scoring = costs.compactMap(\.microsecondsPerUser)
    return RunCost(
      trainingSeconds: costs.reduce(0) { $0 + $1.trainingSeconds } / Double(costs.count),
      microsecondsPerUser: scoring.isEmpty ? nil : scoring.reduce(0, +) / Double(scoring.count),
      threads: costs[0].threads, processor: costs[0].processor)
  }

  /// The sample standard deviation.
  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(max(1, values.count - 1))).squareRoot()
  }
}
