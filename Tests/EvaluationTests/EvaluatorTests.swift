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
  private let identity = LogIdentity(name: "synthetic", fingerprint: "abc", users: 120, items: 60, interactions: 1_200)

  private func evaluator(_ rules: EvaluationRules = EvaluationRules(bootstrap: Bootstrap(resamples: 50))) -> Evaluator {
    Evaluator(rules: rules, split: LeaveOneOut.split(log), log: identity, workers: Workers(threads: 2))
  }

  @Test func figuresAreThoseOfTheRanks() throws {
    let evaluation = evaluator().evaluate(LastItemMarkov(LeaveOneOut.split(log).training))
    let quick = Evaluator.quick(LastItemMarkov(LeaveOneOut.split(log).training), LeaveOneOut.split(log).test)
    let results = evaluation.result.results
    #expect(results.named("NDCG@10")?.value == quick.ndcg)
    #expect(results.named("HR@10")?.value == quick.hr)
    #expect(results.count == RankMetric.allCases.count * 4)
    for value in results { #expect(try #require(value.low) <= value.value && value.value <= #require(value.high)) }
    #expect(evaluation.ranks.users.count == 120 && evaluation.result.passport.questions == 120)
  }

  @Test func everyUserIsInOneCohortOfEachDimension() {
    let result = evaluator().evaluate(Popularity(LeaveOneOut.split(log).training)).result
    for dimension in CohortDimension.allCases {
      let cohorts = result.cohorts.filter { $0.dimension == dimension.rawValue }
      #expect(cohorts.reduce(0) { $0 + $1.users } == 120, "\(dimension)")
      // Cohort means, weighted by users, are the mean over all.
      let sum = cohorts.reduce(0) { $0 + Double($1.users) * ($1.values.named("NDCG@10")?.value ?? .nan) }
      #expect(abs(sum / 120 - (result.results.named("NDCG@10")?.value ?? .nan)) < 1e-12)
    }
  }

  @Test func sampledNegativesStandBesideAndAreTheSameForEveryModel() throws {
    var rules = EvaluationRules(bootstrap: Bootstrap(resamples: 10))
    rules.negatives = NegativeSampling.Weighting.allCases.map { NegativeSampling(count: 10, weighting: $0) }
    let judge = evaluator(rules)
    let training = LeaveOneOut.split(log).training
    let first = judge.evaluate(Popularity(training)).result
    #expect(first.sampled == judge.evaluate(Popularity(training)).result.sampled)
    #expect(first.sampled.map(\.sampling.weighting) == [.uniform, .popularity])
    let full = try #require(first.results.named("HR@10")?.value)
    let uniform = try #require(first.sampled[0].results.named("HR@10")?.value)
    let popular = try #require(first.sampled[1].results.named("HR@10")?.value)
    #expect(full < popular && popular < uniform, "\(full) \(popular) \(uniform)")
  }

  @Test func resultsSurviveJSON() throws {
    let evaluation = evaluator().evaluate(Popularity(LeaveOneOut.split(log).training))
    let coder = JSONEncoder()
    #expect(
      try JSONDecoder().decode(EvaluationResult.self, from: coder.encode(evaluation.result)) == evaluation.result)
    #expect(try JSONDecoder().decode(RankTable.self, from: coder.encode(evaluation.ranks)) == evaluation.ranks)
  }

  @Test func thePassportSaysHow() {
    let passport = evaluator(EvaluationRules(seen: .keep)).evaluate(Popularity(log)).result.passport
    let lines = passport.lines.map { "\($0.name): \($0.value)" }
    #expect(lines.contains("split: leave-one-out: each user's last item is the test, the one before it the validation"))
    #expect(lines.contains("candidates: all 60 items of the log"))
    #expect(lines.contains("questions: 120 users, test"))
    #expect(lines.contains("left out: nobody"))
    #expect(lines.contains("ties: against the model: rank = 1 + better + tied"))
    #expect(lines.contains { $0.hasPrefix("leakage: ") })
  }
}
