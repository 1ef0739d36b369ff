/// How a log was cut, who is judged and who is not.
package struct SplitAccount: Codable, Equatable, Sendable {
  /// The method in a line, with its parameters.
  package let method: String
  /// Users with a test question.
  package let usersJudged: Int
  /// Users without one, by reason.
  package let usersLeftOut: [String: Int]
  /// Items that stand among the test targets and nowhere in training; they stay targets and count as misses.
  package let newItems: Int
  /// Test targets that are such items.
  package let targetsOfNewItems: Int
  /// The share of test targets older than the newest training event; nil where the log has no times.
  ///
  /// Above 0, a model may have learnt from what happened after a question was asked, as in leave-one-out on most logs.
  package let leakage: Double?

  package init(
    method: String, usersJudged: Int = 0, usersLeftOut: [String: Int] = [:], newItems: Int = 0,
    targetsOfNewItems: Int = 0, leakage: Double? = nil
  ) {
    self.method = method
    self.usersJudged = usersJudged
    self.usersLeftOut = usersLeftOut
    self.newItems = newItems
    self.targetsOfNewItems = targetsOfNewItems
    self.leakage = leakage
  }
}
