/// The best-scored items in order.
package enum TopItems {
  /// The indices of the `count` highest scores, best first; of equal scores the lower index first.
  ///
  /// Items whose score is NaN are no candidates; where fewer candidates than `count` exist, all are returned.
  ///
  /// - Shapes: `scores` `[items]`.
  /// - Complexity: O(items + count² · log(items / count)) for scores in random order.
  package static func select(_ count: Int, from scores: Span<Float>) -> [Int32] {
    precondition(count >= 0, "the top \(count) items")
    if count == 0 { return [] }
    var chosen: [(score: Float, index: Int32)] = []
    chosen.reserveCapacity(count)
    for index in scores.indices {
      let score = scores[index]
      if chosen.count == count {
        // Not `<=`: a NaN must not pass either.
        guard score > chosen[count - 1].score else { continue }
        chosen.removeLast()
      } else if score.isNaN {
        continue
      }
      var place = chosen.count
      while place > 0 && chosen[place - 1].score < score { place -= 1 }
      chosen.insert((score, Int32(index)), at: place)
    }
    return chosen.map(\.index)
  }
}
