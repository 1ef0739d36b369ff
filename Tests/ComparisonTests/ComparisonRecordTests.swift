import Comparison
import Evaluation
import Foundation
import Interactions
import RankingMetrics
import Testing
import Training

/// What the runs of a comparison say together, from ranks that are written down.
@Suite struct ComparisonRecordTests {
  private static let rules = EvaluationRules(cutoffs: [10], bootstrap: Bootstrap(resamples: 100))
  private static let log = LogIdentity(name: "log", fingerprint: "f", users: 80, items: 100, events: 800)

  /// A run in which user u's target stands at `rank(u)`; the first 40 users have short histories.
  private func run(_ variant: String, seed: UInt64, rank: (Int) -> Int) -> ComparedRun {
    let ranks = RankTable(
      name: variant,
      protocol: EvaluationProtocol(
        split: SplitSummary(method: .leaveOneOut, testUsers: 80), part: .test, rules: Self.rules, cases: 80,
        targetsInHistory: 0, log: Self.log),
      users: (0..<80).map { "u\($0)" }, ranks: (0..<80).map { [rank($0)] },
      historyLengths: (0..<80).map { $0 < 40 ? 3 : 30 },
      bands: [PopularityBand](repeating: .head, count: 80), gaps: [Int64?](repeating: nil, count: 80))
    return ComparedRun(
      variant: variant,
      record: RunRecord(
        name: "\(variant), seed \(seed)", log: Self.log, configuration: .null, seed: seed,
        evaluation: EvaluationSummary(
          name: variant,
          results: [MeasuredValue(MetricKey(.ndcg, 10), RankMetric.ndcg.mean(ofRanks: ranks.ranks, at: 10))]),
        cost: RunCost(trainingSeconds: 10 * Double(seed), threads: 1)), ranks: ranks)
  }

  private func compare(_ variants: [String: (Int, UInt64) -> Int], seeds: [UInt64] = [1, 2]) -> ComparisonRecord {
    let experiment = Recipe.causal.experiment
    let plan = ComparisonPlan(
      name: "Comparison of x", factor: "x",
      variants: variants.keys.sorted().map { ComparisonPlan.Variant(name: $0, experiment: experiment) }, seeds: seeds)
    return ComparisonRecord(
      plan,
      runs: plan.runs.map { variant, seed in run(variant.name, seed: seed) { variants[variant.name]!($0, seed) } },
      log: Self.log, pretrainingSeconds: nil, rules: Self.rules)
  }

  @Test func theBestStandsFirstAndTheOthersAreComparedWithIt() throws {
    let record = compare(["good": { user, seed in 1 + (user + Int(seed)) % 2 }, "poor": { user, _ in 6 + user % 4 }])
    #expect(record.variants.map(\.name) == ["good", "poor"])
    #expect(record.verdict == "good wins by NDCG@10; poor is worse.")
    let (good, poor) = (record.variants[0], record.variants[1])
    #expect(good.difference == nil && good.standardDeviations[MetricKey(.ndcg, 10)] == 0)
    let difference = try #require(poor.difference)
    #expect(difference.isSignificant && difference.high < 0)
    let means = try [good, poor].map { try #require($0.results.first(.ndcg, at: 10)?.value) }
    #expect(abs(means[1] - means[0] - difference.value) < 1e-12)
    #expect(good.cost?.trainingSeconds == 15)
  }

  @Test func whatChanceExplainsIsNotCalledWorse() {
    let record = compare(["one": { user, _ in 1 + user % 3 }, "two": { user, _ in 1 + (user + 1) % 3 }])
    #expect(record.verdict.hasSuffix("is not distinguishable from it."), "\(record.verdict)")
  }

  @Test func aPartOfTheUsersThatFaresBetterElsewhereIsNamed() {
    let record = compare([
      "long": { user, _ in user < 40 ? 9 : 1 }, "short": { user, _ in user < 40 ? 5 : 10 },
    ])
    #expect(
      record.verdict == "long wins by NDCG@10; short is worse; for users with history length 0–4, short is better.")
  }

  @Test func aTableHasARowPerRun() {
    let record = compare(["a,b": { _, _ in 1 }, "c": { _, _ in 11 }], seeds: [7])
    #expect(
      record.csv == """
        x,seed,NDCG@10,epochs,training_seconds,microseconds_per_user
        "a,b",7,1.0,0,70.0,
        c,7,0.0,0,70.0,

        """)
  }

  @Test func recordsOfVersion01AreRead() throws {
    let run =
      #"{"name":"r","program":"cloze 0.1.0","log":{"name":"l","fingerprint":"f","users":1,"items":2,"interactions":3},"#
      + #""configuration":{},"seed":1,"epochs":[{"stage":"s","epoch":1,"loss":2,"seconds":3,"tokensPerSecond":4,"validation":[]}],"#
      + #""results":[{"name":"NDCG@10","value":0.5}],"baselines":[{"name":"popularity","results":[]}],"#
      + #""cohorts":[{"dimension":"history length","cohort":"5–9","users":1,"values":[]}],"#
      + #""cost":{"trainingSeconds":3,"threads":2},"passport":[{"name":"ties","value":"against"}],"alarms":["look"]}"#
    let comparison =
      #"{"name":"c","factor":"x","metric":"NDCG@10","log":{"name":"l","fingerprint":"f","users":1,"items":2,"#
      + #""interactions":3},"variants":[{"name":"v","runs":["# + run
      + #"],"results":[],"standardDeviations":{"NDCG@10":0.1},"#
      + #""cohorts":[],"cost":{"trainingSeconds":3,"threads":2}}],"verdict":"v wins.","passport":[],"alarms":["r: look"]}"#
    let record = try JSONDecoder().decode(ComparisonRecord.self, from: Data(comparison.utf8))
    let first = record.variants[0].runs[0]
    #expect(record.warnings == ["r: look"] && record.metric == MetricKey(.ndcg, 10) && record.log.events == 3)
    #expect(
      first.results == [MeasuredValue(MetricKey(.ndcg, 10), 0.5)] && first.evaluation?.cohorts.map(\.part) == ["5–9"])
    #expect(first.cost?.epochs == [EpochCost(seconds: 3, tokensPerSecond: 4)] && first.warnings == ["look"])
    #expect(first.protocol == [ProtocolLine("ties", "against")] && first.baselines[0].cohorts.isEmpty)
  }
}
