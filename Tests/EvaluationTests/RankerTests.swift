import Collectives
import Evaluation
import Foundation
import Interactions
import Kernels
import RankingMetrics
import SequentialModels
import TestSupport
import Testing

/// Gives item `i` the score that `table` says, whatever the history.
struct FixedScores: SequentialRecommender {
  let name = "fixed"
  let table: [Float]
  var itemCount: Int { table.count }
  func score(_ histories: [ArraySlice<ItemID>], into scores: Matrix) {
    for row in histories.indices { scores.rows(row..<row + 1).assign(table) }
  }
}

@Suite struct RankerTests {
  private func question(_ history: [Int], _ targets: Int...) -> EvaluationCase {
    EvaluationCase(user: UserID(0), history: history.map { ItemID($0) }[...], targets: targets.map { ItemID($0) })
  }

  private let model = FixedScores(table: [9, 8, 7, 7, 1])

  @Test func removesTheHistoryFromTheCandidates() {
    let ranker = Ranker(seen: .remove, listLength: 3, workers: Workers(threads: 2))
    let rankings = ranker.rank(model, [question([0, 1, 0], 3), question([], 4), question([4], 0, 1)])
    #expect(rankings.map(\.ranks) == [[2], [5], [1, 2]])
    #expect(rankings.map(\.top) == [[2, 3, 4], [0, 1, 2], [0, 1, 2]])
  }

  @Test func keepsTheHistoryWhereRequested() {
    let ranker = Ranker(seen: .keep, listLength: 1, workers: Workers(threads: 1))
    #expect(ranker.rank(model, [question([0, 1], 3)]).map(\.ranks) == [[4]])
  }

  @Test func countsATargetThatStandsInTheHistoryAndRanksIt() {
    let ranking = Ranker(seen: .remove, workers: Workers(threads: 1)).rank(model, [question([0, 1], 1)])[0]
    #expect(ranking.ranks == [1] && ranking.targetsSeen == 1)
  }

  @Test func countsScoresThatAreNotNumbers() {
    let ranking = Ranker(seen: .keep, workers: Workers(threads: 1))
      .rank(FixedScores(table: [.nan, 2, .nan]), [question([], 0)])[0]
    #expect(ranking.notANumber == 2 && ranking.ranks == [3])
  }

  @Test func aConstantScorerDoesNotWin() {
    let constant = FixedScores(table: [Float](repeating: 1, count: 50))
    let result = Evaluator.quick(constant, (0..<50).map { question([], $0) })
    #expect(result.hr == 0 && result.ndcg == 0)
  }

  @Test(arguments: [2, 3, 7]) func processesShareTheCasesAndHaveAllRankings(processes: Int) {
    let cases = (0..<5).map { question([$0 % 5], ($0 + 1) % 5, ($0 + 2) % 5) }
    @Sendable func rank(_ processes: any Processes) -> [CaseRanking] {
      Ranker(
        seen: .remove, listLength: 2,
        negatives: [NegativeSampler(NegativeSampling(count: 2, weighting: .uniform), popularity: popularity)],
        workers: Workers(threads: 1), processes: processes
      ).rank(model, cases)
    }
    let popularity = ItemPopularity(InteractionLog(histories: [[0, 1, 2, 3, 4]], items: 5))
    let alone = rank(OneProcess())
    for rankings in ThreadProcesses.run(processes, { rank($0) }) { #expect(rankings == alone) }
  }

  @Test(arguments: [1, 3]) func endsInAllProcessesWhenItIsOverInOne(processes: Int) {
    let cases = (0..<1_000 * processes).map { question([$0 % 5], ($0 + 1) % 5) }
    let ended = ThreadProcesses.run(processes) { own in
      var rounds = 0
      let rankings = Ranker(seen: .remove, workers: Workers(threads: 1), processes: own).rank(model, cases) {
        rounds += 1
        return own.rank == processes - 1 && rounds > 1
      }
      return rankings == nil ? rounds : 0
    }
    // Two batches of 512 cases each, of which one was ranked.
    #expect(ended == [Int](repeating: 2, count: processes))
  }

  @Test(arguments: [1, 2, 3]) func isTheSameOnAnyThreadsAndInAnyBatch(threads: Int) {
    let cases = (0..<300).map { question([$0 % 5], ($0 + 1) % 5) }
    let all = Ranker(seen: .remove, listLength: 2, workers: Workers(threads: threads)).rank(model, cases)
    for index in [0, 127, 128, 299] {
      let alone = Ranker(seen: .remove, listLength: 2, workers: Workers(threads: 1)).rank(model, [cases[index]])
      #expect(all[index] == alone[0])
    }
  }
}
