import RankingMetrics
import Evaluation
import Foundation
import Testing

/// The whole path as a user types it, on a log of a known process: what training reaches against what can be reached.
@Suite(.tags(.slow)) struct KnownBestTrainingTests {
  @Test func trainingComesWithinATenthOfTheBestPossible() async throws {
    let folder = try TemporaryFolder()
    for words in [
      [
        "synthesize", "log.csv", "--users", "1000", "--items", "60", "--clusters", "6", "--length", "12", "--seed", "5",
      ],
      [
        "train", "log.csv", "--model", "model", "--set", "stages.0.epochs=30", "--set", "stages.0.validateEvery=6",
        "--set", "stages.0.learningRate.peak=2e-3",
      ],
    ] {
      let outcome = try await TypedCommand(words, in: folder.url).finish(within: .seconds(300))
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let outcome = try await TypedCommand.run("evaluate", "model", "--log", "log.csv", "--json", in: folder.url)
    let report = try JSONDecoder().decode(EvaluationReport.self, from: Data(outcome.output.utf8))
    let reached = try #require(report.model?.results.first(.ndcg, at: 10)?.value)
    let best = try RecordFile.read(KnownBest.self, from: folder.url.appendingPathComponent("log.best.json"))
    let possible = try #require(best.results.first(.ndcg, at: 10)?.value)
    #expect(reached >= 0.9 * possible, "\(reached) of \(possible)")
    #expect(report.baselines.map(\.name) == ["popularity", "recent popularity", "last-item Markov", "item-kNN"])
    for baseline in report.baselines {
      let simple = try #require(baseline.results.first(.ndcg, at: 10)?.value)
      #expect(simple < 0.8 * reached, "\(baseline.name) reaches \(simple)")
    }
  }
}
