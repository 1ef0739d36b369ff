import Interactions

/// Logs of tests. Users are called `u0`, `u1`, …, and items given by number `i0`, `i1`, …
extension InteractionLog {
  /// A log of one history per user, oldest first, over `items` items or as many as occur.
  package init(histories: [[Int]], items: Int? = nil, times: [Int64]? = nil) {
    let count = items ?? (histories.joined().max() ?? -1) + 1
    self.init(histories: histories, items: Catalog((0..<count).map { "i\($0)" }), times: times)
  }

  /// A log of one history of item names per user; the catalog is `items` and what else occurs, in that order.
  package init(named histories: [[String]], items: [String] = []) {
    var catalog = Catalog(items)
    let histories = histories.map { $0.map { catalog.insert($0) } }
    self.init(histories: histories, items: catalog)
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

  private init(histories: [[Int]], items: Catalog, times: [Int64]? = nil) {
    self.init(
      users: Catalog(histories.indices.map { "u\($0)" }), items: items,
      offsets: histories.reduce(into: [0]) { $0.append($0.last! + $1.count) },
      events: histories.joined().map { ItemID($0) }, times: times)
  }
}
