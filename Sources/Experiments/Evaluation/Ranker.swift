import Interactions
import Kernels
import RankingMetrics
import SequentialModels

/// Scores the whole catalogue for every case and keeps ranks and top lists; the scores themselves are never kept.
///
/// Batches of cases are shared out over the workers; results depend on the case alone, not on threads or batches.
package struct Ranker: Sendable {
  package var seen: SeenRule
  /// The length of the top lists to keep; 0 for none.
  package var listLength: Int
  package var negatives: [NegativeSampler]
  package var workers: Workers

  package init(seen: SeenRule, listLength: Int = 0, negatives: [NegativeSampler] = [], workers: Workers) {
    self.seen = seen
    self.listLength = listLength
    self.negatives = negatives
    self.workers = workers
  }

  /// One ranking per case, in order.
  ///
  /// - Complexity: one score and O(items · targets) comparisons per case; memory of at most about 16 MB of scores per
  ///   thread, or one row where the catalogue is larger.
  package func rank(_ recommender: any SequentialRecommender, _ cases: [EvaluationCase]) -> [CaseRanking] {
    let items = recommender.itemCount
    let batch = max(1, min(128, (1 << 22) / max(items, 1)))
    let batches = (cases.count + batch - 1) / batch
    return workers.map(batches) { index in
      let chunk = cases[index * batch..<min((index + 1) * batch, cases.count)]
      let scores = Matrix(rows: chunk.count, columns: items)
      recommender.score(chunk.map(\.history), into: scores)
      var marks = ItemMarks(items: items)
      return zip(0..., chunk.indices).map { row, position in
        ranking(of: chunk[position], number: position, scores: scores.rows(row..<row + 1), marks: &marks)
      }
    }.flatMap(\.self)
  }

  /// Ranks one case; overwrites the scores of removed items by NaN, which is no candidate.
  private func ranking(of question: EvaluationCase, number: Int, scores: Matrix, marks: inout ItemMarks) -> CaseRanking
  {
    let targets = question.targets.map(\.index)
    marks.clear()
    for item in question.history { marks.insert(item.index) }
    let targetsSeen = targets.count { marks.contains($0) }
    return scores.withMutableSpan { row in
      let notANumber = row.indices.count { row[$0].isNaN }
      if seen == .remove {
        for target in targets { marks.remove(target) }
        for item in question.history where marks.contains(item.index) { row[item.index] = .nan }
      }
      return CaseRanking(
        ranks: TargetRank.ranks(of: targets, in: row.span), top: TopItems.select(listLength, from: row.span),
        sampledRanks: negatives.map { $0.ranks(of: targets, in: row.span, history: question.history, number: number) },
        notANumber: notANumber, targetsSeen: targetsSeen)
    }
  }
}
