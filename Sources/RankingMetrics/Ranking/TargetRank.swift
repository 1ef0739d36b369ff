/// Where targets stand among all candidates, ties counted against the model.
///
///     rank = 1 + |{better}| + |{other candidates that tie}|
///
/// So a scorer that gives everything the same score puts its target last, not first. An item whose score is NaN is no
/// candidate: it is neither better nor tied, which is how an evaluator takes seen items out. A target whose own score
/// is NaN stands behind the whole catalogue.
package enum TargetRank {
  /// The rank of `target`, from 1.
  ///
  /// - Shapes: `scores` `[items]`; `target` indexes it.
  /// - Complexity: O(items).
  package static func rank(of target: Int, in scores: Span<Float>) -> Int {
    let own = scores[target]
    // The target ties with itself, which is the 1.
    return own.isNaN ? scores.count : notWorse(than: own, in: scores)
  }

  /// How many of `scores` are better than `own` or tie with it.
  package static func notWorse(than own: Float, in scores: Span<Float>) -> Int {
    var better: Int32 = 0
    var tied: Int32 = 0
    for index in scores.indices {
      let score = scores[index]
      better &+= score > own ? 1 : 0
      tied &+= score == own ? 1 : 0
    }
    return Int(better) + Int(tied)
  }

  /// The ranks of distinct `targets`, ascending; targets that tie with each other stand one after another.
  ///
  /// - Complexity: O(items · targets).
  package static func ranks(of targets: [Int], in scores: Span<Float>) -> [Int] {
    targets.count == 1 ? [rank(of: targets[0], in: scores)] : apart(targets.map { rank(of: $0, in: scores) })
  }

  /// Ranks of distinct targets of one case, ascending, those that tie one after another.
  package static func apart(_ ranks: [Int]) -> [Int] {
    var ranks = ranks.sorted()
    // Only targets of equal score share a rank: that of the last of them. From the back, each steps before the next.
    for index in ranks.indices.dropLast().reversed() where ranks[index] >= ranks[index + 1] {
      ranks[index] = ranks[index + 1] - 1
    }
    return ranks
  }
}
