import ArgumentParser
import Interactions

/// How the log is cut, the same for every command that trains or evaluates.
struct SplitOptions: ParsableArguments {
  @Option(
    help: """
      How the log is cut into training, validation and test: leave-one-out, global-time, new-users or \
      cold-items; leave-one-out if not given, or as the model to evaluate was trained.
      """, completion: .list(SplitMethod.Name.ofOneLog.map(\.rawValue)), transform: { try SplitOptions.name($0) })
  var split: SplitMethod.Name?
  @Option(help: "Where the test of global-time starts: a share of all events (0.9), or a date or time (2024-05-01).")
  var testFrom: String?
  @Option(help: "The share of users that new-users holds out of training.")
  var newUserShare: Double?
  @Option(help: "The share of items that cold-items takes out of training.")
  var coldItemShare: Double?
  @Option(help: "The seed that draws new-users and cold-items.")
  var splitSeed: UInt64?

  func validate() throws {
    if let testFrom {
      if split != .globalTime { throw ValidationError("--test-from is for --split global-time") }
      if GlobalTime.Moment(testFrom) == nil {
        throw ValidationError(
          "--test-from “\(testFrom)” is neither a share between 0 and 1 nor a date or time such as 2024-05-01")
      }
    }
    if newUserShare != nil, split != .newUsers {
      throw ValidationError("--new-user-share is for --split new-users")
    }
    if coldItemShare != nil, split != .coldItems {
      throw ValidationError("--cold-item-share is for --split cold-items")
    }
    if splitSeed != nil, split != .newUsers, split != .coldItems {
      throw ValidationError("--split-seed is for --split new-users and cold-items")
    }
    if let coldItemShare, !(coldItemShare > 0 && coldItemShare < 1) {
      throw ValidationError("--cold-item-share \(coldItemShare): expected a number between 0 and 1")
    }
    if let newUserShare, !(newUserShare > 0 && newUserShare < 1) {
      throw ValidationError("--new-user-share \(newUserShare): expected a number between 0 and 1")
    }
  }

  private static func name(_ text: String) throws -> SplitMethod.Name {
    let known = SplitMethod.Name.ofOneLog
    if let name = known.first(where: { $0.rawValue == text }) { return name }
    let list = known.map(\.rawValue).joined(separator: ", ")
    throw ValidationError(
      text == SplitMethod.Name.ownFolds.rawValue
        ? "folds of your own are files: give --train, --test and, if you have it, --validation"
        : "--split \(text) is none of \(list)")
  }

  /// The split that was requested; nil where none was.
  var method: SplitMethod? {
    switch split {
    case nil: return nil
    case .leaveOneOut: return .leaveOneOut
    case .globalTime:
      return .globalTime(GlobalTime(testFrom: testFrom.flatMap(GlobalTime.Moment.init) ?? .fraction(0.9)))
    case .newUsers: return .newUsers(DrawnShare(share: newUserShare ?? 0.2, seed: splitSeed ?? 1))
    case .coldItems: return .coldItems(DrawnShare(share: coldItemShare ?? 0.2, seed: splitSeed ?? 1))
    case .ownFolds: return nil
    }
  }
}

/// Folds that the user made, in files of their own, in place of one log that is cut.
struct FoldOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Train on this file, in place of a log that is cut; needs --test.", valueName: "file"),
    completion: .file())
  var train: String?
  @Option(
    help: ArgumentHelp("Validate on this file, after the events of --train.", valueName: "file"), completion: .file())
  var validation: String?
  @Option(
    help: ArgumentHelp("Test on this file, after the events of --train and --validation.", valueName: "file"),
    completion: .file())
  var test: String?

  /// What is read, by what the user calls it.
  var files: [(name: String, path: String?)] {
    [("the file of --train", train), ("the file of --validation", validation), ("the file of --test", test)]
  }

  /// The files; nil where none is given.
  var paths: (training: String, validation: String?, test: String)? {
    if let train, let test { (train, validation, test) } else { nil }
  }

  /// As they are typed.
  var words: String {
    [("--train", train), ("--validation", validation), ("--test", test)].compactMap { name, path in
      path.map { "\(name) \(Shell.word($0))" }
    }.joined(separator: " ")
  }

  /// Refuses folds that are incomplete, or stand beside a log or the way it is cut.
  func check(log: String?, _ option: String, split: SplitMethod?) throws {
    let isGiven = train != nil || validation != nil || test != nil
    if !isGiven && log == nil {
      throw ValidationError("no log; give \(option), or your own folds with --train and --test")
    }
    if !isGiven { return }
    if train == nil || test == nil { throw ValidationError("folds of your own need --train and --test; give both") }
    if log != nil { throw ValidationError("\(option) and --train exclude each other; give one log, or its folds") }
    if split != nil { throw ValidationError("--split cuts one log, and these are folds already; leave it out") }
  }
}
