/// One question to a recommender: after this history, where does the item that really came next stand?
package struct EvaluationCase: Sendable {
  package let user: UserID
  /// All that was known before the target, oldest first; a view, not a copy.
  package let history: ArraySlice<ItemID>
  /// What really came next, distinct. Leave-one-out has one target; a split by time may have several.
  package let targets: [ItemID]
  /// Microseconds from the last event of the history to the first target; nil where the log has no times.
  package let gap: Int64?

  package init(user: UserID, history: ArraySlice<ItemID>, targets: [ItemID], gap: Int64? = nil) {
    self.user = user
    self.history = history
    self.targets = targets
    self.gap = gap
  }
}
