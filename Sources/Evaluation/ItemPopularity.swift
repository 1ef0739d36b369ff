import Interactions

/// How often each item of the catalogue was touched in training, and by how many people.
package struct ItemPopularity: Sendable, Equatable {
  /// `[items]` interactions.
  package let interactions: [Int]
  /// `[items]` users who touched the item at least once.
  package let audience: [Int]
  /// Users with at least one interaction.
  package let users: Int

  package init(_ training: InteractionLog) {
    var interactions = [Int](repeating: 0, count: training.itemCount)
    var audience = interactions
    var users = 0
    var marks = ItemMarks(items: training.itemCount)
    for index in 0..<training.userCount {
      let history = training.history(of: UserID(index))
      users += history.isEmpty ? 0 : 1
      marks.clear()
      for item in history {
        interactions[item.index] += 1
        if marks.contains(item.index) { continue }
        marks.insert(item.index)
        audience[item.index] += 1
      }
    }
    self.interactions = interactions
    self.audience = audience
    self.users = users
  }
}
