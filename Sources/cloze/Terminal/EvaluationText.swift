import Evaluation
import Foundation
import RankingMetrics

/// An evaluation for users: figures side by side, the model's cohorts, the protocol, the warnings.
struct EvaluationText {
  private let report: EvaluationReport

  init(_ report: EvaluationReport) { self.report = report }

  var text: String {
    guard let first = report.all.first else { return "nothing was evaluated" }
    var parts = [figures, lists]
    if !first.cohorts.isEmpty { parts.append(cohorts) }
    if !first.sampled.isEmpty { parts.append(sampled) }
    parts.append(first.protocol.lines.map { "\($0.name): \($0.value)" }.joined(separator: "\n"))
    let warnings = report.model?.warnings ?? []
    if !warnings.isEmpty {
      parts.append(warnings.map { "WARNING \($0.kind.rawValue): \($0)" }.joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n")
  }

  /// HR, NDCG and MRR at every cut-off, a row per model, then the interval of the main figure.
  private var figures: String {
    let rules = report.all[0].protocol.rules
    let keys = [RankMetric.hitRate, .ndcg, .reciprocalRank].flatMap { metric in
      rules.cutoffs.map { MetricKey(metric, $0) }
    }
    let main = rules.mainMetric
    var table = TextTable(
      [.text("ranked by")] + keys.map { TextTable.Column.number($0.description) } + [.number("\(main), 95 % interval")])
    for result in report.all {
      let interval = result.results.first(main)
      table.append(
        [result.name] + keys.map { Self.decimal(result.results.first($0)?.value) }
          + ["\(Self.decimal(interval?.low)) … \(Self.decimal(interval?.high))"])
    }
    return table.text
  }

  private var lists: String {
    let k = report.all[0].lists.k
    let hasCold = report.all.contains { $0.lists.coldCoverage != nil }
    var table = TextTable(
      [.text("top \(k) lists"), .number("coverage")] + (hasCold ? [.number("of cold items")] : []) + [
        .number("Gini"), .number("mean popularity"), .number("novelty, bits"),
      ])
    for result in report.all {
      let lists = result.lists
      table.append(
        [result.name, Self.decimal(lists.coverage)] + (hasCold ? [Self.decimal(lists.coldCoverage)] : []) + [
          Self.decimal(lists.gini), String(format: "%.1f", lists.meanPopularity),
          String(format: "%.2f", lists.novelty),
        ])
    }
    return table.text
  }

  private var cohorts: String {
    let main = report.all[0].protocol.rules.mainMetric
    var table = TextTable(
      [.text("\(main) by cohort"), .number("users")] + report.all.map { TextTable.Column.number($0.name) })
    for (index, cohort) in report.all[0].cohorts.enumerated() {
      table.append(
        ["\(cohort.dimension) \(cohort.part)", "\(cohort.users)"]
          + report.all.map { Self.decimal($0.cohorts[index].values.first(main)?.value) })
    }
    return table.text
  }

  /// Never in one table with the full ranking.
  private var sampled: String {
    report.all[0].sampled.indices.map { index in
      let sampling = report.all[0].sampled[index].sampling
      let keys = report.all[0].sampled[index].results.map(\.key)
      var table = TextTable(
        [.text("among \(sampling.count) \(sampling.weighting.rawValue) negatives only")]
          + keys.map { TextTable.Column.number($0.description) })
      for result in report.all {
        table.append([result.name] + keys.map { Self.decimal(result.sampled[index].results.first($0)?.value) })
      }
      return table.text
    }.joined(separator: "\n\n")
  }

  private static func decimal(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "–" }
}
