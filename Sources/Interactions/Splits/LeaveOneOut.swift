/// Each user's last item is the test, the one before it the validation, the rest training.
///
/// Users with fewer than three events stay in training whole and are not evaluated.
/// Source: the protocol of SASRec (Kang & McAuley 2018) and BERT4Rec (Sun et al. 2019).
package enum LeaveOneOut {
  package static func split(_ log: InteractionLog, holdingOut heldOut: HeldOut = .validationAndTest) -> Split {
    Split(log, method: .leaveOneOut, cuts: cuts(log), holdingOut: heldOut)
  }

  /// Where each user's events are cut.
  static func cuts(_ log: InteractionLog) -> [UserCut] {
    (0..<log.userCount).map { index in
      let range = log.range(of: UserID(index))
      if range.count < 3 { return UserCut(training: range, leftOut: "with fewer than three events") }
      let end = range.upperBound - 2
      return UserCut(
        training: range.lowerBound..<end, beforeTest: range.lowerBound..<end + 1,
        validation: .init(history: range.lowerBound..<end, targets: end..<end + 1),
        test: .init(history: range.lowerBound..<end + 1, targets: end + 1..<end + 2))
    }
  }
}
