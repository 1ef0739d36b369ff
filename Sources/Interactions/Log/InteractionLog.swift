/// Every user's history, oldest first: the value that every model trains on and every evaluation reads.
///
/// Histories stand one after another: user `u` owns the events `offsets[u] ..< offsets[u + 1]`. Equal times keep the
/// order of the input. A log without times (`times == nil`) has only an order.
package struct InteractionLog: Sendable, Equatable {
  package let users: Catalog
  package let items: Catalog
  /// `[users + 1]`, ascending, from 0 to the number of events.
  package let offsets: [Int]
  /// `[events]`
  package let events: [ItemID]
  /// What else is known of the events, `[events]` each; times ascend within a user.
  package let columns: EventColumns

  package init(users: Catalog, items: Catalog, offsets: [Int], events: [ItemID], columns: EventColumns) {
    precondition(offsets.count == users.count + 1, "\(offsets.count) offsets for \(users.count) users")
    precondition(offsets.last == events.count, "offsets end at \(offsets.last ?? -1), events at \(events.count)")
    columns.requireCount(events.count)
    self.users = users
    self.items = items
    self.offsets = offsets
    self.events = events
    self.columns = columns
  }

  package init(
    users: Catalog, items: Catalog, offsets: [Int], events: [ItemID], times: [Int64]? = nil, groups: [Int64]? = nil
  ) {
    self.init(
      users: users, items: items, offsets: offsets, events: events,
      columns: EventColumns(times: times, groups: groups))
  }

  package var userCount: Int { users.count }
  package var itemCount: Int { items.count }
  package var eventCount: Int { events.count }

  /// `[events]` microseconds since 1970-01-01 UTC, ascending within a user; nil where the log has no times.
  package var times: [Int64]? { columns[.time] }
  /// `[events]` group numbers (basket, session); nil where the log has none.
  package var groups: [Int64]? { columns[.group] }

  /// The positions of `user`'s events in `events`.
  package func range(of user: UserID) -> Range<Int> { offsets[user.index]..<offsets[user.index + 1] }

  /// The items that `user` interacted with, oldest first.
  package func history(of user: UserID) -> ArraySlice<ItemID> { events[range(of: user)] }

  /// The events at `positions`, which are ascending and grouped by user as `offsets` says.
  package func selecting(_ positions: [Int], offsets: [Int]) -> InteractionLog {
    InteractionLog(
      users: users, items: items, offsets: offsets, events: positions.map { events[$0] },
      columns: columns.reindexed(by: positions))
  }

  /// The number of events of each item, `[items]`.
  package var eventCountsByItem: [Int] {
    var counts = [Int](repeating: 0, count: itemCount)
    for item in events { counts[item.index] += 1 }
    return counts
  }
}
