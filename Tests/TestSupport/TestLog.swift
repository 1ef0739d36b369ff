import Interactions

/// Logs of tests, from numbers: users are called `u0`, `u1`, …, items `i0`, `i1`, …
extension InteractionLog {
  /// A log of one history per user, oldest first, over `items` items.
  package init(histories: [[Int]], items: Int, times: [Int64]? = nil) {
    self.init(
      users: Catalog(histories.indices.map { "u\($0)" }), items: Catalog((0..<items).map { "i\($0)" }),
      offsets: histories.reduce(into: [0]) { $0.append($0.last! + $1.count) },
      events: histories.joined().map { ItemID($0) }, times: times)
  }

  /// A log of events in any order; times count where every event has one.
  package init(users: Catalog, items: Catalog, events: [(user: Int, item: Int, time: Int64?)]) {
    var batch = EventBatch()
    batch.users = events.map { UserID($0.user) }
    batch.items = events.map { ItemID($0.item) }
    let times = events.compactMap(\.time)
    if times.count == events.count { batch.columns[.time] = times }
    self.init(users: users, items: items, events: batch)
  }
}
