import Collectives
import Foundation
import Interactions
import Kernels
import RankingMetrics
import SequentialModels

/// Evaluates recommenders on the cases of one split, all by the same rules.
package struct Evaluator: Sendable {
  package let rules: EvaluationRules
  package let split: Split
  package let log: LogIdentity
  package let workers: Workers
  package let processes: any Processes
  private let popularity: ItemPopularity

  package init(
    rules: EvaluationRules = EvaluationRules(), split: Split, log: LogIdentity,
    workers: Workers = Workers(threads: ProcessInfo.processInfo.activeProcessorCount),
    processes: any Processes = OneProcess()
  ) {
    self.rules = rules
    self.split = split
    self.log = log
    self.workers = workers
    self.processes = processes
    popularity = ItemPopularity(split.training)
  }

  /// Ranks every item for every case and says how good, how varied and how suspicious the result is.
  ///
  /// - Parameter heldOut: what the recommender has not learned, for the protocol.
  /// - Complexity: one score per case, O(items · targets) each, and the bootstrap.
  package func evaluate(
    _ recommender: any SequentialRecommender, holdingOut heldOut: HeldOut = .validationAndTest,
    on part: EvaluationPart = .test
  ) -> RankedResult {
    guard let result = evaluate(recommender, holdingOut: heldOut, on: part, until: { false }) else {
      preconditionFailure("ended by nothing")
    }
    return result
  }

  /// As `evaluate`, or nil where `isOver` said so before all cases were ranked.
  package func evaluate(
    _ recommender: any SequentialRecommender, holdingOut heldOut: HeldOut = .validationAndTest,
    on part: EvaluationPart = .test, until isOver: () -> Bool
  ) -> RankedResult? {
    precondition(
      recommender.itemCount == split.training.itemCount,
      "\(recommender.name) scores \(recommender.itemCount) items, the log has \(split.training.itemCount)")
    let cases = part == .test ? split.test : split.validation
    let ranker = Ranker(
      seen: rules.seen, listLength: rules.mainCutoff,
      negatives: rules.negatives.map { NegativeSampler($0, popularity: popularity) }, workers: workers,
      processes: processes)
    let start = ContinuousClock.now
    guard let rankings = ranker.rank(recommender, cases, until: isOver) else { return nil }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let evaluated = EvaluationProtocol(
      split: split.summary, part: part, rules: rules, cases: cases.count,
      targetsInHistory: rankings.reduce(0) { $0 + $1.targetsSeen }, heldOut: heldOut, log: log)
    let bands = PopularityBands(popularity)
    let table = RankTable(
      name: recommender.name, protocol: evaluated, users: cases.map { split.training.users[$0.user.index] },
      ranks: rankings.map(\.ranks), historyLengths: cases.map(\.history.count),
      bands: cases.map { bands[$0.targets[0]] }, gaps: cases.map(\.gap),
      targetEvents: cases.map { popularity.events[$0.targets[0].index] })
    let lists = ListStatistics(
      of: rankings.map(\.top), at: rules.mainCutoff, popularity: popularity.events,
      usersOfItem: popularity.usersOfItem, users: popularity.users)
    let notANumber = rankings.reduce(0) { $0 + $1.notANumber }
    let result = EvaluationResult(
      table: table, lists: lists, sampled: sampled(rankings), seconds: seconds,
      warnings: EvaluationWarning.raised(by: table, lists: lists, notANumber: notANumber))
    return RankedResult(result: result, ranks: table)
  }

  /// The metrics among sampled negatives, one value per way of sampling.
  private func sampled(_ rankings: [CaseRanking]) -> [SampledResult] {
    rules.negatives.enumerated().map { index, sampling in
      SampledResult(
        sampling: sampling,
        results: rules.results(of: [.hitRate, .ndcg, .reciprocalRank], ranks: rankings.map { $0.sampledRanks[index] }))
    }
  }
}

extension Evaluator {
  /// Only HR@k and NDCG@k over all candidates: what early stopping reads after every epoch.
  package static func quick(
    _ recommender: any SequentialRecommender, _ cases: [EvaluationCase], seen: SeenRule = .remove, k: Int = 10,
    workers: Workers = Workers(threads: ProcessInfo.processInfo.activeProcessorCount),
    processes: any Processes = OneProcess()
  ) -> (hr: Double, ndcg: Double) {
    let ranks = Ranker(seen: seen, workers: workers, processes: processes).rank(recommender, cases).map(\.ranks)
    return (RankMetric.hitRate.mean(ofRanks: ranks, at: k), RankMetric.ndcg.mean(ofRanks: ranks, at: k))
  }
}
