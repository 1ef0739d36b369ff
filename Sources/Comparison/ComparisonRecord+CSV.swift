import Foundation

extension ComparisonRecord {
  /// One row per run for a spreadsheet: factor's value, seed, every figure, epochs, cost.
  package var csv: String {
    let figures = variants.first?.runs.first?.results.map(\.name) ?? []
    let head = [factor, "seed"] + figures + ["epochs", "training_seconds", "microseconds_per_user"]
    let rows = variants.flatMap { variant in
      variant.runs.map { run in
        [Self.quoted(variant.name), String(run.seed)]
          + figures.map { name in run.results.named(name).map { String($0.value) } ?? "" }
          + [
            String(run.epochs.count), String(run.cost.trainingSeconds),
            run.cost.microsecondsPerUser.map { String($0) } ?? "",
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
