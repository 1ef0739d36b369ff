import Collectives
import Interactions
import Kernels
import RankingMetrics
import SequentialModels

/// Scores the whole catalogue for every case and keeps ranks and top lists; the scores themselves are never kept.
///
/// The recommender scores one batch of cases after another with threads of its own; the workers then share out the
/// rows. Results depend on the case alone, not on threads or batches. Where the items are spread over processes, each
/// scores its own for every case (`ShardedRanking`).
package struct Ranker: Sendable {
  package var seen: SeenRule
  /// The length of the top lists to keep; 0 for none.
  package var listLength: Int
  package var negatives: [NegativeSampler]
  package var workers: Workers
  /// Which share the cases out; every one has all rankings.
  package var processes: any Processes

  package init(
    seen: SeenRule, listLength: Int = 0, negatives: [NegativeSampler] = [], workers: Workers,
    processes: any Processes = OneProcess()
  ) {
    self.seen = seen
    self.listLength = listLength
    self.negatives = negatives
    self.workers = workers
    self.processes = processes
  }

  /// One ranking per case, in order.
  ///
  /// - Complexity: one score and O(items · targets) comparisons per case; memory for at most 16 MB of scores, or one row
  ///   where the catalogue is larger.
  package func rank(_ recommender: any SequentialRecommender, _ cases: [EvaluationCase]) -> [CaseRanking] {
    guard let rankings = rank(recommender, cases, until: { false }) else { preconditionFailure("ended by nothing") }
    return rankings
  }

  /// As `rank`, or nil where `isOver` said so before all cases were ranked: in all processes where it did in one.
  package func rank(
    _ recommender: any SequentialRecommender, _ cases: [EvaluationCase], until isOver: () -> Bool
  ) -> [CaseRanking]? {
    if let spread = recommender.spread {
      return ShardedRanking(ranker: self, recommender: spread).rank(cases, until: isOver)
    }
    let items = recommender.itemCount
    let batch = max(1, min(cases.count, 512, (1 << 22) / max(items, 1)))
    let scores = Matrix(rows: batch, columns: items)
    let share = processes.share(of: cases.count)
    var own: [CaseRanking] = []
    // As many in every process, however large its share.
    for round in 0..<((cases.count + processes.count - 1) / processes.count + batch - 1) / batch {
      if processes.any([isOver()])[0] { return nil }
      let start = min(share.lowerBound + round * batch, share.upperBound)
      let chunk = cases[start..<min(start + batch, share.upperBound)]
      if chunk.isEmpty { continue }
      recommender.score(chunk.map(\.history), into: scores.prefix(chunk.count))
      let rows = (chunk.count + workers.threads - 1) / workers.threads
      own += workers.map((chunk.count + rows - 1) / rows) { part in
        var marks = ItemMarks(items: items)
        return (part * rows..<min((part + 1) * rows, chunk.count)).map { row in
          ranking(of: cases[start + row], number: start + row, scores: scores.rows(row..<row + 1), marks: &marks)
        }
      }.flatMap(\.self)
    }
    if processes.count == 1 { return own }
    return processes.gather(own.flatMap(\.numbers)).flatMap { CaseRanking.all(in: $0) }
  }

  /// Ranks one case; overwrites the scores of removed items by NaN, which is no candidate.
  private func ranking(of evaluated: EvaluationCase, number: Int, scores: Matrix, marks: inout ItemMarks) -> CaseRanking
  {
    let targets = evaluated.targets.map(\.index)
    marks.clear()
    for item in evaluated.history { marks.insert(item.index) }
    let targetsSeen = targets.count { marks.contains($0) }
    return scores.withMutableSpan { row in
      let notANumber = row.indices.count { row[$0].isNaN }
      if seen == .remove {
        for target in targets { marks.remove(target) }
        for item in evaluated.history where marks.contains(item.index) { row[item.index] = .nan }
      }
      return CaseRanking(
        ranks: TargetRank.ranks(of: targets, in: row.span), top: TopItems.select(listLength, from: row.span),
        sampledRanks: negatives.map { $0.ranks(of: targets, in: row.span, history: evaluated.history, number: number) },
        notANumber: notANumber, targetsSeen: targetsSeen)
    }
  }
}

/// How a recommender ranked the candidates of one case.
package struct CaseRanking: Sendable, Equatable {
  /// The ranks of the targets among all candidates, ascending, ties against the model.
  package let ranks: [Int]
  /// The best candidates, best first; as many as were wanted.
  package let top: [Int32]
  /// The ranks among the targets and sampled negatives, ascending, for each way of sampling wanted.
  package let sampledRanks: [[Int]]
  /// The number of scores that were not a number.
  package let notANumber: Int
  /// The number of targets that stood in the history.
  package let targetsSeen: Int
}

extension CaseRanking {
  /// All of it as integers, lists after their lengths: what processes send each other.
  fileprivate var numbers: [Int] {
    func list(_ values: [Int]) -> [Int] { [values.count] + values }
    return [notANumber, targetsSeen] + list(ranks) + list(top.map { Int($0) }) + [sampledRanks.count]
      + sampledRanks.flatMap(list)
  }

  /// The rankings whose `numbers` stand one behind the other in `numbers`.
  fileprivate static func all(in numbers: [Int]) -> [CaseRanking] {
    var rest = numbers[...]
    func list() -> [Int] {
      let count = rest.removeFirst()
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    var rankings: [CaseRanking] = []
    while let notANumber = rest.popFirst(), let targetsSeen = rest.popFirst() {
      let (ranks, top) = (list(), list().map { Int32($0) })
      let sampled = (0..<rest.removeFirst()).map { _ in list() }
      rankings.append(
        CaseRanking(
          ranks: ranks, top: top, sampledRanks: sampled, notANumber: notANumber, targetsSeen: targetsSeen))
    }
    return rankings
  }
}
