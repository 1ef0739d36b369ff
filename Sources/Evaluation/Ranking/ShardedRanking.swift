import Collectives
import Interactions
import Kernels
import NeuralNetwork
import RankingMetrics
import SequentialModels

/// Ranks cases by processes that each have a part of the items: all score every case, and their counts and lists are joined.
///
/// The result is that of `Ranker` with all items in one process: counts are sums, lists are merged in the order of lists.
struct ShardedRanking: Sendable {
  let ranker: Ranker
  let recommender: SpreadRecommender

  private var processes: any Processes { recommender.processes }

  /// One ranking per case, in order, the same in every process; nil where `isOver` said so in one before all were ranked.
  func rank(_ cases: [EvaluationCase], until isOver: () -> Bool) -> [CaseRanking]? {
    let width = processes.gather([recommender.width]).map { $0[0] }.max() ?? 0
    let batch = max(1, min(cases.count, 512, (1 << 22) / max(width, 1)))
    var rankings: [CaseRanking] = []
    for start in stride(from: 0, to: cases.count, by: batch) {
      if processes.any([isOver()])[0] { return nil }
      rankings += rank(Array(cases[start..<min(start + batch, cases.count)]), from: start)
    }
    return rankings
  }

  /// Ranks the cases numbered from `start`.
  private func rank(_ cases: [EvaluationCase], from start: Int) -> [CaseRanking] {
    let vectors = recommender.encode(cases.map(\.history))
    let scores = Matrix(rows: cases.count, columns: recommender.own.count)
    recommender.score(vectors, into: scores)
    // The targets of a case, then those and the negatives for each way of sampling.
    let wanted = cases.indices.map { index in
      let targets = cases[index].targets.map(\.index)
      return [targets]
        + ranker.negatives.map { $0.candidates(of: targets, history: cases[index].history, number: start + index) }
    }
    let known = gatherScores(of: wanted, scores)
    let parts = processes.gather(
      cases.indices.flatMap { index in
        part(of: cases[index], scores: scores.rows(index..<index + 1), targets: known[index][0])
      })
    var rest = parts.map { $0[...] }
    return cases.indices.map { index in join(cases[index], known[index], &rest) }
  }

  /// The scores of `wanted`, `[cases][lists][items]`, each given by the process that has the item.
  private func gatherScores(of wanted: [[[Int]]], _ scores: Matrix) -> [[[Float]]] {
    let own = wanted.enumerated().flatMap { row, lists in
      lists.flatMap(\.self).compactMap { recommender.place(of: $0) }.map { Int(scores[row, $0].bitPattern) }
    }
    var rest = processes.gather(own).map { $0[...] }
    return wanted.map { lists in
      lists.map { list in
        list.map { Float(bitPattern: UInt32(rest[recommender.owner(of: $0)].removeFirst())) }
      }
    }
  }

  /// What this process's items say of a case: scores that are no numbers, for each target those not worse, then the best
  /// ones after their number.
  private func part(of evaluated: EvaluationCase, scores: Matrix, targets: [Float]) -> [Int] {
    scores.withMutableSpan { row in
      let notANumber = row.indices.count { row[$0].isNaN }
      if ranker.seen == .remove {
        for item in evaluated.history where !evaluated.targets.contains(item) {
          if let place = recommender.place(of: item.index) { row[place] = .nan }
        }
      }
      let top = TopItems.select(ranker.listLength, from: row.span)
      return [notANumber] + targets.map { TargetRank.notWorse(than: $0, in: row.span) }
        + RankedItem.sent(top.map { RankedItem(item: recommender.own[Int($0)], score: row[Int($0)]) })
    }
  }

  /// Joins the parts of a case, which it takes from `parts`; `known` are the scores of its targets, then those of the
  /// candidates for each way of sampling.
  private func join(_ evaluated: EvaluationCase, _ known: [[Float]], _ parts: inout [ArraySlice<Int>]) -> CaseRanking {
    var notANumber = 0
    var notWorse = [Int](repeating: 0, count: evaluated.targets.count)
    var top: [RankedItem] = []
    for process in parts.indices {
      notANumber += parts[process].removeFirst()
      for target in notWorse.indices { notWorse[target] += parts[process].removeFirst() }
      top += RankedItem.received(&parts[process])
    }
    let ranks = zip(notWorse, known[0]).map { $1.isNaN ? recommender.itemCount : $0 }
    let history = Set(evaluated.history)
    return CaseRanking(
      ranks: TargetRank.apart(ranks),
      top: top.sorted(by: RankedItem.precedes).prefix(ranker.listLength).map(\.item),
      sampledRanks: known.dropFirst().map { TargetRank.ranks(of: Array(evaluated.targets.indices), in: $0.span) },
      notANumber: notANumber, targetsSeen: evaluated.targets.count { history.contains($0) })
  }
}
