extension InteractionLog {
  /// A log of events in any order: grouped by user, sorted by time, ties in the order given.
  ///
  /// - Complexity: O(events) where every user's events already stand in time order; a sort per user otherwise.
  package init(users: Catalog, items: Catalog, columns: EventColumns) {
    let timed = !columns.times.isEmpty
    let grouped = !columns.groups.isEmpty
    precondition(columns.items.count == columns.count, "\(columns.items.count) items for \(columns.count) users")
    precondition(!timed || columns.times.count == columns.count, "\(columns.times.count) times for \(columns.count)")
    precondition(
      !grouped || columns.groups.count == columns.count, "\(columns.groups.count) groups for \(columns.count)")
    var offsets = [Int](repeating: 0, count: users.count + 1)
    for user in columns.users { offsets[user.index + 1] += 1 }
    for user in 0..<users.count { offsets[user + 1] += offsets[user] }
    var next = offsets
    var order = [Int32](repeating: 0, count: columns.count)
    for (position, user) in columns.users.enumerated() {
      order[next[user.index]] = Int32(position)
      next[user.index] += 1
    }
    if timed {
      let times = columns.times
      for user in 0..<users.count {
        let range = offsets[user]..<offsets[user + 1]
        let sorted = range.dropFirst().allSatisfy { times[Int(order[$0 - 1])] <= times[Int(order[$0])] }
        // (time, position) is a total order, so ties keep the order of the input.
        if !sorted { order[range].sort { (times[Int($0)], $0) < (times[Int($1)], $1) } }
      }
    }
    self.init(
      users: users, items: items, offsets: offsets, events: order.map { columns.items[Int($0)] },
      times: timed ? order.map { columns.times[Int($0)] } : nil,
      groups: grouped ? order.map { columns.groups[Int($0)] } : nil)
  }
}
