import RankingMetrics
import Comparison
import Evaluation
import Foundation
import Testing
import Training

@Suite struct ReportCommandTests {
  static let log = LogIdentity(name: "shop.csv", fingerprint: "ab12", users: 3, items: 4, events: 17)
  static let run = RunRecord(
    name: "first run", program: "cloze 0.1.0", log: log, configuration: .object([:]), seed: 7,
    evaluation: EvaluationSummary(name: "tail", results: [MeasuredValue(MetricKey(.ndcg, 10), 0.15)]),
    cost: RunCost(trainingSeconds: 60, threads: 2))

  @Test func aRunBecomesAPageBesideItsRecord() async throws {
    let folder = try TemporaryFolder()
    try Self.run.write(in: folder.url)
    let outcome = try await TypedCommand.run("report", folder.url.path)
    #expect(outcome.status == 0)
    #expect(outcome.output.hasSuffix("/report.html\n"))
    #expect(outcome.errors.isEmpty)
    #expect(folder.text("report.html")?.contains("<h1>first run</h1>") == true)
  }

  @Test func aComparisonBecomesAPageWhereRequested() async throws {
    let folder = try TemporaryFolder()
    let comparison = ComparisonRecord(
      name: "poolings", factor: "pooling", metric: MetricKey(.ndcg, 10), log: Self.log,
      variants: [VariantRecord(name: "tail", runs: [Self.run], results: Self.run.results, cost: Self.run.cost)],
      verdict: "Only tail was tried.")
    try RecordFile.write(comparison, to: folder.url.appendingPathComponent("results.json"))
    let outcome = try await TypedCommand.run("report", ".", "-o", "page.html", in: folder.url)
    #expect(outcome.status == 0)
    #expect(folder.text("page.html")?.contains("Only tail was tried.") == true)
    #expect(folder.text("report.html") == nil)
  }

  @Test func runsBecomeATable() async throws {
    let folder = try TemporaryFolder()
    try Self.run.write(in: folder.url)
    let outcome = try await TypedCommand.run("report", "--table", folder.url.path, folder.url.path)
    #expect(outcome.status == 0)
    #expect(outcome.lines.count == 4)
    #expect(outcome.lines.last == "| shop.csv | first run | – | 0.1500 | 1 min 0 s, 2 threads |")
    #expect(folder.text("report.html") == nil)
    let both = try await TypedCommand.run("report", "--table", folder.url.path, "-o", "page.html")
    #expect(both.status == 2)
    #expect(both.errors.contains("--output names one page"))
  }

  @Test func aDirectoryWithoutARecordIsAFailureThatSaysWhatToDo() async throws {
    let folder = try TemporaryFolder()
    let outcome = try await TypedCommand.run("report", folder.url.path)
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "cloze: there is no record at \(folder.url.path)/record.json; `cloze train`, `cloze compare` and `cloze evaluate --ranks` write them\n"
    )
  }

  @Test func aPlaceThatCannotBeWrittenIsNamed() async throws {
    let folder = try TemporaryFolder()
    try Self.run.write(in: folder.url)
    let outcome = try await TypedCommand.run("report", folder.url.path, "-o", "/dev/full/page.html")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("cannot create /dev/full/"))
  }
}
