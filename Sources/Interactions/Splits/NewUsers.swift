/// People the model has never met: a share of the users is held out of training whole.
///
/// Each held-out user's last item is asked after all the items before it; half of them are the validation, half the
/// test, drawn by the seed. Held-out users with fewer than two events are not judged and train nothing.
package struct NewUsers: Codable, Equatable, Sendable {
  /// The share of users that is held out, validation and test together.
  package var share: Double
  package var seed: UInt64

  package init(share: Double = 0.2, seed: UInt64 = 1) {
    self.share = share
    self.seed = seed
  }

  /// - Throws: `SplitError` where the share is not between 0 and 1, or nobody is left to judge.
  package func split(
    _ log: InteractionLog, holdingOut heldOut: HeldOut = .validationAndTest
  ) throws(SplitError) -> Split {
    guard share > 0 && share < 1 else { throw .shareOutOfRange("the share of new users", share) }
    let cuts = (0..<log.userCount).map { index in
      let range = log.range(of: UserID(index))
      var random = SplitMix64(seed: seed, index: index)
      let place = random.uniform()
      if place >= share { return UserCut(training: range, leftOut: "in training") }
      let none = range.lowerBound..<range.lowerBound
      var cut = UserCut(training: none, beforeTest: place < share / 2 ? none : range)
      if range.count < 2 {
        cut.leftOut = "held out with fewer than two events"
        return cut
      }
      let last = range.upperBound - 1
      let question = UserCut.Question(history: range.lowerBound..<last, targets: last..<last + 1)
      if place < share / 2 {
        cut.test = question
      } else {
        cut.validation = question
        cut.leftOut = "in validation"
      }
      return cut
    }
    let split = Split(
      log, method: "new users: the last item of \(share / 2 * 100) % of the users, who train nothing (seed \(seed))",
      cuts: cuts, holdingOut: heldOut)
    if split.test.isEmpty { throw .nobodyToJudge(split.account.method) }
    return split
  }
}
