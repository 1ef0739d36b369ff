extension InteractionLog {
  /// A log of events in any order: grouped by user, sorted by time, ties in the order given.
  ///
  /// - Complexity: O(events) where every user's events already stand in time order; a sort per user otherwise.
  package init(users: Catalog, items: Catalog, events batch: EventBatch) {
    precondition(batch.items.count == batch.count, "\(batch.items.count) items for \(batch.count) users")
    batch.columns.requireCount(batch.count)
    var offsets = [Int](repeating: 0, count: users.count + 1)
    for user in batch.users { offsets[user.index + 1] += 1 }
    for user in 0..<users.count { offsets[user + 1] += offsets[user] }
    var next = offsets
    var order = [Int32](repeating: 0, count: batch.count)
    for (position, user) in batch.users.enumerated() {
      order[next[user.index]] = Int32(position)
      next[user.index] += 1
    }
    if let times = batch.columns[.time] {
      for user in 0..<users.count {
        let range = offsets[user]..<offsets[user + 1]
        let sorted = range.dropFirst().allSatisfy { times[Int(order[$0 - 1])] <= times[Int(order[$0])] }
        // (time, position) is a total order, so ties keep the order of the input.
        if !sorted { order[range].sort { (times[Int($0)], $0) < (times[Int($1)], $1) } }
      }
    }
    self.init(
      users: users, items: items, offsets: offsets, events: order.map { batch.items[Int($0)] },
      columns: batch.columns.reindexed(by: order))
  }
}
