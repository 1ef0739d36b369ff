/// What a list contains and how long it is; candidates are chosen apart, because they are prepared once.
package struct ListRules: Sendable, Equatable {
  /// The length of a list, where there are enough candidates.
  package var top: Int
  /// Whether a list leaves out the items of its own history.
  package var excludesSeen: Bool
  package var groupLimit: GroupLimit?
  /// Whether each item comes with its probability among the user's candidates.
  package var probabilities: Bool

  package init(top: Int = 10, excludesSeen: Bool = false, groupLimit: GroupLimit? = nil, probabilities: Bool = false) {
    precondition(top >= 0, "the top \(top) items")
    self.top = top
    self.excludesSeen = excludesSeen
    self.groupLimit = groupLimit
    self.probabilities = probabilities
  }
}
