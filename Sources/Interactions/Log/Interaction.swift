/// One event of a log: who touched which item, when, and in which group (basket, session), where that is known.
package struct Interaction: Hashable, Sendable {
  package var user: UserID
  package var item: ItemID
  /// Microseconds since 1970-01-01 UTC; nil where the log has no times and its order is the order.
  package var time: Int64?
  /// The group's number within the log; nil where the log has no groups.
  package var group: Int32?

  package init(user: UserID, item: ItemID, time: Int64? = nil, group: Int32? = nil) {
    self.user = user
    self.item = item
    self.time = time
    self.group = group
  }
}
