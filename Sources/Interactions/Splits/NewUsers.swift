/// Users the model has never met: a share of them is held out of training whole.
///
/// Each held-out user's last item is the target after all the items before it; half of them are the validation, half the
/// test, drawn by the seed. Held-out users with fewer than two events are not evaluated and train nothing.
package struct NewUsers: Hashable, Sendable {
  /// The share of users that is held out, validation and test together.
  package var share: Double
  package var seed: UInt64

  package init(share: Double = 0.2, seed: UInt64 = 1) {
    self.share = share
    self.seed = seed
  }

  /// - Throws: `SplitError` where the share is not between 0 and 1.
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
      let heldOutCase = UserCut.Case(history: range.lowerBound..<last, targets: last..<last + 1)
      if place < share / 2 {
        cut.test = heldOutCase
      } else {
        cut.validation = heldOutCase
        cut.leftOut = "in validation"
      }
      return cut
    }
    return Split(log, method: .newUsers(self), cuts: cuts, holdingOut: heldOut)
  }
}
