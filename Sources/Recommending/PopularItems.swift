import Kernels

/// The items of a log by their number of interactions, for people of whom nothing is known.
package struct PopularItems: Sendable {
  /// Most touched first; without items that nobody touched or that may not be recommended.
  private let ordered: [RankedItem]
  /// `[items]`; 0 for items that are not in `ordered`.
  private let counts: [Int]
  private let total: Int

  /// - Parameter allowed: `[items]` whether an item may be recommended; nil for all.
  package init(_ interactions: [Int], allowed: [Bool]? = nil) {
    let counts = interactions.indices.map { allowed?[$0] == false ? 0 : interactions[$0] }
    self.counts = counts
    total = counts.reduce(0, +)
    ordered = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
      .map { RankedItem(item: Int32($0), score: Float(counts[$0])) }
  }

  /// The `top` most touched items, each with the share of its interactions among the candidates'.
  func answer(_ top: Int, excluded: [Int32], limit: GroupLimit?, probabilities: Bool) -> Scorer.Answer {
    let excluded = Set(excluded)
    let left = ordered.lazy.filter { !excluded.contains($0.item) }
    let items = limit?.cut(Array(left), to: top) ?? Array(left.prefix(top))
    let sum = total - excluded.reduce(0) { $0 + counts[Int($1)] }
    return Scorer.Answer(
      source: .popular, list: RankedList(items: items),
      probabilities: probabilities ? items.map { Double(counts[Int($0.item)]) / Double(sum) } : [])
  }
}
