import ArgumentParser
import Interactions

/// How the log is cut, the same for every command that trains or evaluates.
struct SplitOptions: ParsableArguments {
  @Option(
    help: """
      How the log is cut into training, validation and test; leave-one-out if not given, or as the model to evaluate was \
      trained.
      """)
  var split: SplitMethod.Name?
  @Option(help: "Where the test of global-time starts: a share of all events (0.9), or a date or time (2024-05-01).")
  var testFrom: String?
  @Option(help: "The share of users that new-users holds out of training.")
  var newUserShare: Double?
  @Option(help: "The seed that draws new-users.")
  var splitSeed: UInt64?

  func validate() throws {
    if let testFrom {
      if split != .globalTime { throw ValidationError("--test-from is for --split global-time") }
      if GlobalTime.Moment(testFrom) == nil {
        throw ValidationError(
          "--test-from “\(testFrom)” is neither a share between 0 and 1 nor a date or time such as 2024-05-01")
      }
    }
    if newUserShare != nil || splitSeed != nil, split != .newUsers {
      throw ValidationError("--new-user-share and --split-seed are for --split new-users")
    }
    if let newUserShare, !(newUserShare > 0 && newUserShare < 1) {
      throw ValidationError("--new-user-share \(newUserShare): expected a number between 0 and 1")
    }
  }

  /// The split that was asked for; nil where none was.
  var method: SplitMethod? {
    switch split {
    case nil: return nil
    case .leaveOneOut: return .leaveOneOut
    case .globalTime:
      return .globalTime(GlobalTime(testFrom: testFrom.flatMap(GlobalTime.Moment.init) ?? .fraction(0.9)))
    case .newUsers: return .newUsers(NewUsers(share: newUserShare ?? 0.2, seed: splitSeed ?? 1))
    }
  }
}

extension SplitMethod.Name: ExpressibleByArgument {}
