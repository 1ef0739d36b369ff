import DurableFiles
import RankingMetrics
import Training

/// Runs as a Markdown table, one row each, for a README.
package enum ResultsTable {
  /// The test figures `metrics` of every run with its log, training time and threads.
  package static func markdown(
    _ runs: [RunRecord], metrics: [MetricKey] = [MetricKey(.hitRate, 10), MetricKey(.ndcg, 10)]
  ) -> String {
    let titles = ["log", "model"] + metrics.map(\.description) + ["training"]
    let rule = ["---", "---"] + metrics.map { _ in "---:" } + ["---:"]
    let rows = runs.map { run in
      let cost = run.cost.map {
        "\(FigureText.duration(seconds: $0.trainingSeconds)), \(Counted($0.threads, "thread"))"
      }
      return [run.log.name, run.name] + metrics.map { SharedSections.text(of: run.results.first($0)) }
        + [cost ?? "–"]
    }
    return ([titles, rule] + rows).map { cells in
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }.joined(separator: "\n")
  }
}
