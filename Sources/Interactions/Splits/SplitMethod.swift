/// How a log is cut into training, validation and test.
package enum SplitMethod: Codable, Equatable, Sendable {
  case leaveOneOut
  case globalTime(GlobalTime)
  case newUsers(NewUsers)

  /// - Throws: `SplitError` where the log cannot be cut so.
  package func split(_ log: InteractionLog) throws(SplitError) -> Split {
    switch self {
    case .leaveOneOut: LeaveOneOut.split(log)
    case .globalTime(let method): try method.split(log)
    case .newUsers(let method): try method.split(log)
    }
  }
}
