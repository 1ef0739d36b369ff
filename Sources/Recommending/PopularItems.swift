import Kernels
import Synchronization

/// Popular items that are sorted when the first list of them is made.
final class SortedPopularItems: Sendable {
  private let events: [Int]
  private let allowed: [Bool]?
  private let sorted = Mutex<PopularItems?>(nil)

  /// - Parameters: as of `PopularItems`.
  init(_ events: [Int], allowed: [Bool]? = nil) { (self.events, self.allowed) = (events, allowed) }

  var items: PopularItems {
    sorted.withLock { sorted in
      let items = sorted ?? PopularItems(events, allowed: allowed)
      sorted = items
      return items
    }
  }
}

/// The items of a log by their number of events, for users of whom no item is known.
struct PopularItems: Sendable {
  /// Most frequent first; without items that have no event or may not be recommended.
  private let ordered: [RankedItem]
  /// `[items]`; 0 for items that are not in `ordered`.
  private let counts: [Int]
  private let total: Int

  /// - Parameters:
  ///   - events: `[items]` events per item.
  ///   - allowed: `[items]` whether an item may be recommended; nil for all.
  init(_ events: [Int], allowed: [Bool]? = nil) {
    let counts = events.indices.map { allowed?[$0] == false ? 0 : events[$0] }
    self.counts = counts
    total = counts.reduce(0, +)
    ordered = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
      .map { RankedItem(item: Int32($0), score: Float(counts[$0])) }
  }

  /// The `top` most frequent items; a probability is the share of an item's events among the candidates'.
  func list(_ top: Int, excluded: [Int32], limit: GroupLimit?, probabilities: Bool) -> RankedList {
    let excluded = Set(excluded)
    let left = ordered.lazy.filter { !excluded.contains($0.item) }
    let items = limit?.cut(Array(left), to: top) ?? Array(left.prefix(top))
    let sum = total - excluded.reduce(0) { $0 + counts[Int($1)] }
    return RankedList(items: items, source: .popular, normalizer: probabilities ? .sum(Double(sum)) : nil)
  }
}
