/// How a log is cut into training, validation and test.
package enum SplitMethod: Codable, Equatable, Sendable {
  case leaveOneOut
  case globalTime(GlobalTime)
  case newUsers(NewUsers)

  /// The test's questions are the same whatever else is held out.
  ///
  /// - Throws: `SplitError` where the log cannot be cut so.
  package func split(
    _ log: InteractionLog, holdingOut heldOut: HeldOut = .validationAndTest
  ) throws(SplitError) -> Split {
    switch self {
    case .leaveOneOut: LeaveOneOut.split(log, holdingOut: heldOut)
    case .globalTime(let method): try method.split(log, holdingOut: heldOut)
    case .newUsers(let method): try method.split(log, holdingOut: heldOut)
    }
  }
}
