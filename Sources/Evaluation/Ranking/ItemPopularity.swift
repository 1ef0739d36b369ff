import Interactions

/// How often each item of the catalogue occurs in training, and for how many users.
package struct ItemPopularity: Sendable, Equatable {
  /// `[items]` training events.
  package let events: [Int]
  /// `[items]` users with at least one event on the item.
  package let usersOfItem: [Int]
  /// Users with at least one event.
  package let users: Int

  package init(_ training: InteractionLog) {
    var events = [Int](repeating: 0, count: training.itemCount)
    var usersOfItem = events
    var users = 0
    var marks = ItemMarks(items: training.itemCount)
    for index in 0..<training.userCount {
      let history = training.history(of: UserID(index))
      users += history.isEmpty ? 0 : 1
      marks.clear()
      for item in history {
        events[item.index] += 1
        if marks.contains(item.index) { continue }
        marks.insert(item.index)
        usersOfItem[item.index] += 1
      }
    }
    self.events = events
    self.usersOfItem = usersOfItem
    self.users = users
  }
}

/// A set of item indices that is emptied in one step.
struct ItemMarks {
  private var stamps: [Int32]
  private var current: Int32 = 1

  init(items: Int) { stamps = [Int32](repeating: 0, count: items) }

  mutating func clear() { current += 1 }
  mutating func insert(_ item: Int) { stamps[item] = current }
  mutating func remove(_ item: Int) { stamps[item] = 0 }
  func contains(_ item: Int) -> Bool { stamps[item] == current }
}

/// How popular an item was in training.
package enum PopularityBand: String, Codable, CaseIterable, Sendable {
  /// The most popular items, which together hold the first third of all events.
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
    let counts = popularity.events
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
