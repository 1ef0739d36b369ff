import Comparison
import Foundation
import Reports

/// A comparison as a table and its verdict, for stdout.
struct ComparisonText {
  let text: String

  init(_ comparison: ComparisonRecord) {
    let second = comparison.metric.replacingOccurrences(of: "NDCG", with: "HR")
    var table = TextTable([
      .text(comparison.factor), .number(comparison.metric), .number(second), .text("difference to the best, 95 %"),
      .number("p (Holm)"), .number("training"), .number("µs per user"),
    ])
    for variant in comparison.variants {
      let difference = variant.difference.map {
        "\(FigureText.difference($0.value)) (\(FigureText.difference($0.low)) … \(FigureText.difference($0.high)))"
      }
      table.append([
        variant.name, Self.figure(comparison.metric, variant), Self.figure(second, variant), difference ?? "best",
        variant.difference.map { FigureText.p($0.p) } ?? "–",
        FigureText.duration(seconds: variant.cost.trainingSeconds),
        variant.cost.microsecondsPerUser.map { String(format: "%.0f", $0) } ?? "–",
      ])
    }
    text = table.text + "\n\n" + comparison.verdict
  }

  /// `0.1537 ± 0.0012`, the deviation over seeds.
  private static func figure(_ name: String, _ variant: VariantRecord) -> String {
    guard let value = variant.results.named(name) else { return "–" }
    return FigureText.metric(value.value)
      + (variant.standardDeviations[name].map { " ± \(FigureText.metric($0))" } ?? "")
  }
}
