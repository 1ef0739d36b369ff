import Evaluation
import Interactions
import Kernels
import RankingMetrics
import SequentialModels
import Testing

@Suite struct RankComparisonTests {
  private let log = SyntheticProcess(
    SyntheticOptions(process: .lastItem, users: 200, items: 60, clusters: 6, seed: 2, meanLength: 10)
  ).log()

  private func ranks(_ model: (InteractionLog) -> any SequentialRecommender, seen: SeenRule = .remove) -> RankTable {
    let split = LeaveOneOut.split(log)
    let identity = LogIdentity(name: "s", fingerprint: "f", users: 200, items: 60, events: log.eventCount)
    return Evaluator(
      rules: EvaluationRules(seen: seen, bootstrap: Bootstrap(resamples: 200)), split: split, log: identity,
      workers: Workers(threads: 1)
    ).evaluate(model(split.training)).ranks
  }

  @Test func findsTheBetterModelAndWhere() throws {
    let comparison = try RankComparison(ranks { LastItemMarkov($0) }, ranks { Popularity($0) })
    let line = try #require(comparison.lines.first { $0.figure == MetricKey(.ndcg, 10) })
    #expect(line.difference.isSignificant && line.difference.low > 0 && line.wilcoxonP < 0.05)
    #expect(abs(line.a - line.b - line.difference.value) < 1e-12)
    #expect(comparison.lines.count == 12)
    #expect(comparison.verdict.hasPrefix("By NDCG@10 A is better; cohorts that differ: history length "))
    #expect(comparison.cohorts.contains { $0.users == "history length 5–9" && $0.difference.value > 0 })
  }

  @Test func aModelDoesNotDifferFromItself() throws {
    let table = ranks { Popularity($0) }
    let comparison = try RankComparison(table, table)
    #expect(comparison.verdict == "By NDCG@10 A and B are not distinguishable; no cohort differs.")
    #expect((comparison.lines + comparison.cohorts).allSatisfy { $0.difference.value == 0 && $0.difference.p == 1 })
  }

  @Test func refusesDifferentProtocols() {
    let kept = ranks({ Popularity($0) }, seen: .keep)
    let removed = ranks { Popularity($0) }
    let error = #expect(throws: RankComparisonError.self) { try RankComparison(kept, removed) }
    #expect(
      error?.description == "the two results cannot be compared, since they differ in candidates: “all 60 items of the "
        + "log” against “all 60 items of the log but those of the user's history”; evaluate both models on one log with "
        + "the same split and the same seen rule")
  }

  @Test func aFamilyIsCorrectedTogether() {
    let best = (0..<100).map { Double($0 % 4) + 1 }
    let worse = best.map { $0 - 0.5 }
    let same = best.enumerated().map { $1 + ($0 % 2 == 0 ? 0.1 : -0.1) }
    let differences = PairedDifference.family(
      [(worse, best), (same, best)], bootstrap: Bootstrap(), seed: 1)
    #expect(differences[0].value == -0.5 && differences[0].p < 1e-6)
    #expect(abs(differences[1].value) < 1e-12 && differences[1].p > 0.5)
  }
}
