/// Events in the order of their input, one array per column: how a log travels before it is sorted.
package struct EventColumns: Sendable, Equatable {
  package var users: [UserID] = []
  package var items: [ItemID] = []
  /// Microseconds since 1970-01-01 UTC, as many as events; empty where the log has no times.
  package var times: [Int64] = []
  /// Group numbers, as many as events; empty where the log has no groups.
  package var groups: [Int32] = []

  package init() {}

  package var count: Int { users.count }

  /// Empties the columns and keeps their storage.
  package mutating func removeAll() {
    users.removeAll(keepingCapacity: true)
    items.removeAll(keepingCapacity: true)
    times.removeAll(keepingCapacity: true)
    groups.removeAll(keepingCapacity: true)
  }

  package mutating func append(contentsOf other: EventColumns) {
    users.append(contentsOf: other.users)
    items.append(contentsOf: other.items)
    times.append(contentsOf: other.times)
    groups.append(contentsOf: other.groups)
  }
}
