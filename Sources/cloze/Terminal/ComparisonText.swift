import Comparison
import Evaluation
import Foundation
import RankingMetrics
import Reports

/// A comparison as a table and its verdict, for stdout.
struct ComparisonText {
  let text: String

  init(_ comparison: ComparisonRecord) {
    let second = MetricKey(.hitRate, comparison.metric.cutoff ?? 10)
    var table = TextTable([
      .text(comparison.factor), .number(comparison.metric.description), .number(second.description),
      .text("difference to the best, 95 %"),
      .number("p (Holm)"), .number("training"), .number("µs per user"),
    ])
    for variant in comparison.variants {
      let difference = variant.difference.map {
        "\(FigureText.difference($0.value)) (\(FigureText.difference($0.low)) … \(FigureText.difference($0.high)))"
      }
      table.append([
        variant.name, Self.figure(comparison.metric, variant), Self.figure(second, variant), difference ?? "best",
        variant.difference.map { FigureText.p($0.p) } ?? "–",
        variant.cost.map { FigureText.duration(seconds: $0.trainingSeconds) } ?? "–",
        variant.cost?.microsecondsPerUser.map { String(format: "%.0f", $0) } ?? "–",
      ])
    }
    text = table.text + "\n\n" + comparison.verdict
  }

  /// `0.1537 ± 0.0012`, the deviation over seeds.
  private static func figure(_ key: MetricKey, _ variant: VariantRecord) -> String {
    guard let value = variant.results.first(key) else { return "–" }
    return FigureText.metric(value.value)
      + (variant.standardDeviations[key].map { " ± \(FigureText.metric($0))" } ?? "")
  }
}
