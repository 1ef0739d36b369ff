import Interactions

/// How popular an item was in training.
package enum PopularityBand: String, Codable, CaseIterable, Sendable {
  /// The most popular items, which together hold the first third of all interactions.
  case head = "head third"
  case middle = "middle third"
  case tail = "tail third"
  /// Not in training at all.
  case new = "not in training"
}

/// The band of every item; the item at a border belongs to the more popular band.
struct PopularityBands {
  private let bands: [PopularityBand]

  init(_ popularity: ItemPopularity) {
    let counts = popularity.interactions
    var bands = [PopularityBand](repeating: .new, count: counts.count)
    let total = counts.reduce(0, +)
    var before = 0
    for item in counts.indices.sorted(by: { (counts[$0], $1) > (counts[$1], $0) }) where counts[item] > 0 {
      bands[item] = 3 * before < total ? .head : 3 * before < 2 * total ? .middle : .tail
      before += counts[item]
    }
    self.bands = bands
  }

  subscript(item: ItemID) -> PopularityBand { bands[item.index] }
}
