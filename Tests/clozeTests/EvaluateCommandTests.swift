import RankingMetrics
import Evaluation
import Foundation
import Testing

/// `cloze synthesize`, `evaluate` and `diff`, one after another as a person would type them.
@Suite struct EvaluateCommandTests {
  private func synthesized(_ folder: TemporaryFolder) async throws -> TypedCommand.Outcome {
    try await TypedCommand.run(
      "synthesize", "log.csv", "--users", "80", "--items", "60", "--clusters", "6", "--length", "8", in: folder.url)
  }

  @Test func writesALogWithItsKnownBest() async throws {
    let folder = try TemporaryFolder()
    let outcome = try await synthesized(folder)
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(folder.text("log.csv")?.hasPrefix("user,item,timestamp\nuser") == true)
    let best = try RecordFile.read(KnownBest.self, from: folder.url.appendingPathComponent("log.best.json"))
    #expect(best.users == 80 && best.process.items == 60)
    let value = try #require(best.results.first(.ndcg, at: 10)?.value)
    #expect(outcome.lines.contains { $0.hasPrefix("NDCG@10 ") && $0.hasSuffix(String(format: "%.4f", value)) })
  }

  @Test func impossibleSizesAreBadUsage() async throws {
    let outcome = try await TypedCommand.run("synthesize", "log.csv", "--items", "3", "--clusters", "6")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("3 items: there must be one for each of 6 clusters"))
  }

  @Test func evaluatesTheBaselinesBesideTheKnownBestAndComparesTwo() async throws {
    let folder = try TemporaryFolder()
    _ = try await synthesized(folder)
    let outcome = try await TypedCommand.run(
      "evaluate", "--log", "log.csv", "--known-best", "log.best.json", "--ranks", "ranks.json", "--json", in: folder.url
    )
    #expect(outcome.status == 0 && outcome.errors.hasPrefix("cloze: log.csv: read as CSV: user = user, item = item, "))
    let report = try JSONDecoder().decode(EvaluationReport.self, from: Data(outcome.output.utf8))
    #expect(report.model == nil)
    #expect(
      report.all.map(\.name) == ["popularity", "recent popularity", "last-item Markov", "item-kNN", "known best"])
    #expect(report.all.allSatisfy { $0.protocol.log.fingerprint == report.all[0].protocol.log.fingerprint })

    let diff = try await TypedCommand.run(
      "diff", "ranks.known-best.json", "ranks.popularity.json", "--json", in: folder.url)
    let comparison = try JSONDecoder().decode(RankComparison.self, from: Data(diff.output.utf8))
    #expect(comparison.a == "known best" && comparison.verdict.hasPrefix("By NDCG@10 A is better"))

    let kept = try await TypedCommand.run(
      "evaluate", "--log", "log.csv", "--seen", "keep", "--ranks", "kept.json", in: folder.url)
    #expect(kept.lines.contains("seen items: kept"))
    let refused = try await TypedCommand.run("diff", "ranks.popularity.json", "kept.popularity.json", in: folder.url)
    #expect(refused.status == 1)
    #expect(refused.errors.hasPrefix("cloze: the two results cannot be compared, since they differ in candidates"))
  }

  @Test func splitsAreNamedWithTheFigures() async throws {
    let folder = try TemporaryFolder()
    _ = try await synthesized(folder)
    let byTime = try await TypedCommand.run(
      "evaluate", "--log", "log.csv", "--split", "global-time", "--test-from", "0.7", in: folder.url)
    #expect(byTime.lines.contains { $0.hasPrefix("split: global time: events from 2024-") })
    #expect(byTime.lines.contains("leakage: 0.0 % of test targets are older than the newest training event"))
    let newUsers = try await TypedCommand.run(
      "evaluate", "--log", "log.csv", "--split", "new-users", "--new-user-share", "0.5", in: folder.url)
    #expect(newUsers.lines.contains { $0.hasPrefix("split: new users: the last item of 25.0 % of the users") })
  }

  @Test func wrongUsageIsNamed() async throws {
    for (words, fault) in [
      (["--log", "x.csv", "--test-from", "0.8"], "--test-from is for --split global-time"),
      (["--log", "x.csv", "--top", "1,0"], "--top 1,0: expected numbers from 1 to 2147483647, separated by commas"),
      (
        ["--log", "x.csv", "--known-best", "b", "--split", "global-time"],
        "--known-best knows the next item, not a whole"
      ),
      (["--log", "x.csv", "--record"], "--record needs the model directory whose record it fills"),
    ] {
      let outcome = try await TypedCommand(["evaluate"] + words).finish()
      #expect(outcome.status == 2 && outcome.errors.contains(fault), "\(words)")
    }
    let missing = try await TypedCommand.run("evaluate", "--log", "x.csv")
    #expect(missing.status == 1 && missing.errors.hasPrefix("cloze: x.csv does not exist"))
  }
}
