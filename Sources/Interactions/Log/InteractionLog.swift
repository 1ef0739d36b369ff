/// Everybody's history, oldest first: the value that every model trains on and every evaluation reads.
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
  /// `[events]` microseconds since 1970-01-01 UTC, ascending within a user; nil where the log has no times.
  package let times: [Int64]?
  /// `[events]` group numbers (basket, session); nil where the log has none.
  package let groups: [Int32]?

  package init(
    users: Catalog, items: Catalog, offsets: [Int], events: [ItemID], times: [Int64]? = nil, groups: [Int32]? = nil
  ) {
    precondition(offsets.count == users.count + 1, "\(offsets.count) offsets for \(users.count) users")
    precondition(offsets.last == events.count, "offsets end at \(offsets.last ?? -1), events at \(events.count)")
    precondition(times.map { $0.count == events.count } ?? true, "times and events differ in number")
    precondition(groups.map { $0.count == events.count } ?? true, "groups and events differ in number")
    self.users = users
    self.items = items
    self.offsets = offsets
    self.events = events
    self.times = times
    self.groups = groups
  }

  package var userCount: Int { users.count }
  package var itemCount: Int { items.count }
  package var eventCount: Int { events.count }

  /// The positions of `user`'s events in `events`.
  package func range(of user: UserID) -> Range<Int> { offsets[user.index]..<offsets[user.index + 1] }

  /// The items `user` touched, oldest first.
  package func history(of user: UserID) -> ArraySlice<ItemID> { events[range(of: user)] }
}
