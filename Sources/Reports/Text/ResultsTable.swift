import Training

/// Runs as a Markdown table, one row each, for a README.
package enum ResultsTable {
  /// The test figures `metrics` of every run with its log, training time and threads.
  package static func markdown(_ runs: [RunRecord], metrics: [String] = ["HR@10", "NDCG@10"]) -> String {
    let titles = ["log", "model"] + metrics + ["training"]
    let rule = ["---", "---"] + metrics.map { _ in "---:" } + ["---:"]
    let rows = runs.map { run in
      let threads = run.cost.threads == 1 ? "1 thread" : "\(run.cost.threads) threads"
      return [run.log.name, run.name] + metrics.map { SharedSections.text(of: run.results.named($0)) }
        + ["\(FigureText.duration(seconds: run.cost.trainingSeconds)), \(threads)"]
    }
    return ([titles, rule] + rows).map { cells in
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }.joined(separator: "\n")
  }
}
