/// What one question to a recommender gave.
package struct CaseRanking: Sendable, Equatable {
  /// The ranks of the targets among all candidates, ascending, ties against the model.
  package let ranks: [Int]
  /// The best candidates, best first; as many as were asked for.
  package let top: [Int32]
  /// The ranks among the targets and sampled negatives, ascending, for each way of sampling asked for.
  package let sampledRanks: [[Int]]
  /// The number of scores that were not a number.
  package let notANumber: Int
  /// The number of targets that stood in the history.
  package let targetsSeen: Int
}
