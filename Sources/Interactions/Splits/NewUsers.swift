/// Users the model has never met: a share of them is held out of training whole.
///
/// Each held-out user's last item is the target after all the items before it; half of them are the validation, half the
/// test, drawn by the seed. Held-out users with fewer than two events are not evaluated and train nothing.
package enum NewUsers {
  /// - Throws: `SplitError` where the share is not between 0 and 1.
  package static func split(
    _ log: InteractionLog, _ drawn: DrawnShare, holdingOut heldOut: HeldOut = .validationAndTest
  ) throws(SplitError) -> Split {
    try drawn.check("new users")
    let share = drawn.share
    let cuts = (0..<log.userCount).map { index in
      let range = log.range(of: UserID(index))
      let place = drawn.place(of: index)
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
    return Split(log, method: .newUsers(drawn), cuts: cuts, holdingOut: heldOut)
  }
}
