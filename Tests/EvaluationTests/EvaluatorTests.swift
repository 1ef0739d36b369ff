import Evaluation
import Foundation
import Interactions
import Kernels
import RankingMetrics
import SequentialModels
import Testing

@Suite struct EvaluatorTests {
  private static let process = SyntheticProcess(
    SyntheticOptions(users: 120, items: 60, clusters: 6, seed: 2, meanLength: 10))
  private let log = Self.process.log()
  private let identity = LogIdentity(name: "synthetic", fingerprint: "abc", users: 120, items: 60, events: 1_200)

  private func evaluator(_ rules: EvaluationRules = EvaluationRules(bootstrap: Bootstrap(resamples: 50))) -> Evaluator {
    Evaluator(rules: rules, split: LeaveOneOut.split(log), log: identity, workers: Workers(threads: 2))
  }

  @Test func figuresAreThoseOfTheRanks() throws {
    let evaluation = evaluator().evaluate(LastItemMarkov(LeaveOneOut.split(log).training))
    let quick = Evaluator.quick(LastItemMarkov(LeaveOneOut.split(log).training), LeaveOneOut.split(log).test)
    let results = evaluation.result.results
    #expect(results.first(.ndcg, at: 10)?.value == quick.ndcg)
    #expect(results.first(.hitRate, at: 10)?.value == quick.hr)
    #expect(results.count == RankMetric.allCases.count * 4)
    for value in results { #expect(try #require(value.low) <= value.value && value.value <= #require(value.high)) }
    #expect(evaluation.ranks.users.count == 120 && evaluation.result.protocol.cases == 120)
  }

  @Test func everyUserIsInOneCohortOfEachDimension() {
    let result = evaluator().evaluate(Popularity(LeaveOneOut.split(log).training)).result
    for dimension in CohortDimension.allCases {
      let cohorts = result.cohorts.filter { $0.dimension == dimension.rawValue }
      // Every target has events here.
      if dimension == .training, cohorts.isEmpty { continue }
      #expect(cohorts.reduce(0) { $0 + $1.users } == 120, "\(dimension)")
      // Cohort means, weighted by users, are the mean over all.
      let sum = cohorts.reduce(0) { $0 + Double($1.users) * ($1.values.first(.ndcg, at: 10)?.value ?? .nan) }
      #expect(abs(sum / 120 - (result.results.first(.ndcg, at: 10)?.value ?? .nan)) < 1e-12)
    }
  }

  @Test func sampledNegativesStandBesideAndAreTheSameForEveryModel() throws {
    var rules = EvaluationRules(bootstrap: Bootstrap(resamples: 10))
    rules.negatives = NegativeSampling.Weighting.allCases.map { NegativeSampling(count: 10, weighting: $0) }
    let evaluator = evaluator(rules)
    let training = LeaveOneOut.split(log).training
    let first = evaluator.evaluate(Popularity(training)).result
    #expect(first.sampled == evaluator.evaluate(Popularity(training)).result.sampled)
    #expect(first.sampled.map(\.sampling.weighting) == [.uniform, .popularity])
    let full = try #require(first.results.first(.hitRate, at: 10)?.value)
    let uniform = try #require(first.sampled[0].results.first(.hitRate, at: 10)?.value)
    let popular = try #require(first.sampled[1].results.first(.hitRate, at: 10)?.value)
    #expect(full < popular && popular < uniform, "\(full) \(popular) \(uniform)")
  }

  @Test func resultsSurviveJSON() throws {
    let evaluation = evaluator().evaluate(Popularity(LeaveOneOut.split(log).training))
    let coder = JSONEncoder()
    #expect(
      try JSONDecoder().decode(EvaluationResult.self, from: coder.encode(evaluation.result)) == evaluation.result)
    #expect(try JSONDecoder().decode(RankTable.self, from: coder.encode(evaluation.ranks)) == evaluation.ranks)
  }

  @Test func theProtocolSaysHow() {
    let lines = evaluator(EvaluationRules(seen: .keep)).evaluate(Popularity(log)).result.protocol.lines
      .map { "\($0.name): \($0.value)" }
    #expect(lines.contains("split: leave-one-out: each user's last item is the test, the one before it the validation"))
    #expect(lines.contains("candidates: all 60 items of the log"))
    #expect(lines.contains("evaluated: 120 users, test"))
    #expect(lines.contains("left out: nobody"))
    #expect(lines.contains("ties: against the model: rank = 1 + better + tied"))
    #expect(lines.contains { $0.hasPrefix("leakage: ") })
  }
}

/// A file of ranks is read as it was written, by this version or the one before, or refused with the place of the fault.
@Suite struct RankTableTests {
  private static let table = RankTable(
    name: "m",
    protocol: EvaluationProtocol(
      split: SplitSummary(method: .leaveOneOut, testUsers: 2), part: .test, rules: EvaluationRules(), cases: 2,
      targetsInHistory: 0, log: LogIdentity(name: "l", fingerprint: "f", users: 2, items: 9, events: 8)),
    users: ["a", "b"], ranks: [[1], [2, 5]], historyLengths: [3, 4], bands: [.head, .tail], gaps: [nil, 60])

  private static var json: String {
    get throws { String(decoding: try JSONEncoder().encode(table), as: UTF8.self) }
  }

  private func read(_ json: String) throws -> RankTable {
    try JSONDecoder().decode(RankTable.self, from: Data(json.utf8))
  }

  @Test func itemsOfFewEventsAreACohortOfTheirOwnWhereSomeHaveNone() {
    func parts(_ events: [Int]?) -> [String: [Int]] {
      let table = RankTable(
        name: "m", protocol: Self.table.protocol, users: ["a", "b", "c", "d"], ranks: [[1], [2], [3], [4]],
        historyLengths: [1, 1, 1, 1], bands: [.tail, .new, .tail, .head], gaps: [nil, nil, nil, nil],
        targetEvents: events)
      return Dictionary(uniqueKeysWithValues: CohortDimension.training.rows(of: table).map { ($0.part, $0.rows) })
    }
    #expect(parts([4, 0, 5, 90]) == ["warm": [2, 3], "new": [0], "cold": [1]])
    #expect(parts(nil) == ["warm": [0, 2, 3], "cold": [1]], "files of earlier versions do not say how few")
    #expect(CohortDimension.training.rows(of: Self.table).isEmpty)
  }

  @Test func comesBackAsItWasAlsoFromTheVersionBefore() throws {
    #expect(try read(Self.json) == Self.table)
    let old = try Self.json.replacing(#""protocol":{"#, with: #""passport":{"#).replacing(
      #""cases":2"#, with: #""questions":2"#
    )
    .replacing(#""events":8"#, with: #""interactions":8"#).replacing(#""testUsers":2"#, with: #""usersJudged":2"#)
    .replacing(#"{"method":"leave-one-out"}"#, with: #""\#(SplitMethod.leaveOneOut)""#)
    #expect(old.contains("passport") && old.contains("usersJudged") && old.contains("each user's last item"))
    let table = try read(old)
    #expect(table.ranks == Self.table.ranks && table.protocol.differences(to: Self.table.protocol).isEmpty)
  }

  @Test(arguments: [
    (#""historyLengths":[3,4]"#, #""historyLengths":[3]"#, "historyLengths has 1 row for 2 users"),
    (#""gaps":[null,60]"#, #""gaps":[]"#, "gaps has 0 rows for 2 users"),
    (#""ranks":[[1],[2,5]]"#, #""ranks":[[1],[]]"#, "ranks.1 is empty; every case has a target"),
    (#""ranks":[[1],[2,5]]"#, #""ranks":[[0],[2,5]]"#, "ranks.0 is not an ascending list of ranks from 1 on"),
    (#""ranks":[[1],[2,5]]"#, #""ranks":[[1],[5,2]]"#, "ranks.1 is not an ascending list of ranks from 1 on"),
    (
      #""resamples":1000"#, #""resamples":41107000000"#,
      "protocol.rules has cutoffs or resamples that no evaluation has"
    ),
  ]) func columnsThatDoNotBelongTogetherAreRefused(found: String, written: String, fault: String) throws {
    let damaged = try Self.json.replacing(found, with: written)
    #expect(try damaged != Self.json)
    let error = #expect(throws: DecodingError.self) { try read(damaged) }
    guard case .dataCorrupted(let context)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription == fault)
  }
}
