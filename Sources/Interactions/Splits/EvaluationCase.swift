/// One question to a recommender: after this history, where does the item that really came next stand?
package struct EvaluationCase: Sendable {
  package let user: UserID
  /// All that was known before the target, oldest first; a view, not a copy.
  package let history: ArraySlice<ItemID>
  /// What really came next. Leave-one-out has one target; a split by time may have several.
  package let targets: [ItemID]

  package init(user: UserID, history: ArraySlice<ItemID>, targets: [ItemID]) {
    self.user = user
    self.history = history
    self.targets = targets
  }
}
