/// How a log is cut into training, validation and test. Two splits of a log are the same where their methods are equal.
package enum SplitMethod: Equatable, Hashable, Sendable {
  case leaveOneOut
  case globalTime(GlobalTime)
  case newUsers(DrawnShare)
  case coldItems(DrawnShare)
  case ownFolds(OwnFolds)

  /// The test's cases are the same whatever else is held out.
  ///
  /// - Throws: `SplitError` where the log cannot be cut so.
  package func split(
    _ log: InteractionLog, holdingOut heldOut: HeldOut = .validationAndTest
  ) throws(SplitError) -> Split {
    switch self {
    case .leaveOneOut: LeaveOneOut.split(log, holdingOut: heldOut)
    case .globalTime(let method): try method.split(log, holdingOut: heldOut)
    case .newUsers(let drawn): try NewUsers.split(log, drawn, holdingOut: heldOut)
    case .coldItems(let drawn): try ColdItemSplit.split(log, drawn, holdingOut: heldOut)
    case .ownFolds(let folds): try folds.split(log, holdingOut: heldOut)
    }
  }

  /// The method's name on the command line and in records.
  package var name: Name {
    switch self {
    case .leaveOneOut: .leaveOneOut
    case .globalTime: .globalTime
    case .newUsers: .newUsers
    case .coldItems: .coldItems
    case .ownFolds: .ownFolds
    }
  }

  package enum Name: String, Codable, CaseIterable, Sendable {
    case leaveOneOut = "leave-one-out"
    case globalTime = "global-time"
    case newUsers = "new-users"
    case coldItems = "cold-items"
    case ownFolds = "own-folds"

    /// Those that cut one log.
    package static let ofOneLog: [Name] = [.leaveOneOut, .globalTime, .newUsers, .coldItems]
  }
}

extension SplitMethod: CustomStringConvertible {
  /// The method in a sentence, with its parameters.
  package var description: String {
    switch self {
    case .leaveOneOut: "leave-one-out: each user's last item is the test, the one before it the validation"
    case .globalTime(let method):
      switch method.testFrom {
      case .time(let time): "global time: events from \(ISO8601.text(time)) on are the test"
      case .fraction(let share): "global time: events after the first \(share * 100) % are the test"
      }
    case .newUsers(let method):
      "new users: the last item of \(method.share / 2 * 100) % of the users, who train nothing (seed \(method.seed))"
    case .coldItems(let method):
      "cold items: leave-one-out, and \(method.share * 100) % of the items train nothing (seed \(method.seed))"
    case .ownFolds(let folds): folds.description
    }
  }
}

extension SplitMethod: Codable {
  private enum Key: String, CodingKey { case method, testFrom, validationShare }

  /// Reads what `encode` writes, and the sentences that versions before 0.2 wrote in its place.
  package init(from decoder: any Decoder) throws {
    if let sentence = try? decoder.singleValueContainer().decode(String.self) {
      guard let method = SplitMethod(sentence: sentence) else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "“\(sentence)” describes no split"))
      }
      self = method
      return
    }
    let container = try decoder.container(keyedBy: Key.self)
    switch try container.decode(Name.self, forKey: .method) {
    case .leaveOneOut: self = .leaveOneOut
    case .globalTime:
      let text = try container.decode(String.self, forKey: .testFrom)
      guard let moment = GlobalTime.Moment(text) else {
        throw DecodingError.dataCorruptedError(
          forKey: .testFrom, in: container, debugDescription: "“\(text)” is neither a share nor a time")
      }
      self = .globalTime(
        GlobalTime(testFrom: moment, validationShare: try container.decode(Double.self, forKey: .validationShare)))
    case .newUsers:
      self = .newUsers(try DrawnShare(from: decoder))
    case .coldItems:
      self = .coldItems(try DrawnShare(from: decoder))
    case .ownFolds: self = .ownFolds(try OwnFolds(from: decoder))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .method)
    switch self {
    case .leaveOneOut: break
    case .globalTime(let method):
      try container.encode(method.testFrom.description, forKey: .testFrom)
      try container.encode(method.validationShare, forKey: .validationShare)
    case .newUsers(let drawn), .coldItems(let drawn): try drawn.encode(to: encoder)
    case .ownFolds(let folds): try folds.encode(to: encoder)
    }
  }

  /// The method that `description` says, as records kept it before 0.2; nil for any other text.
  package init?(sentence: String) {
    func between(_ start: String, _ end: String) -> Substring? {
      guard let from = sentence.firstRange(of: start), let to = sentence[from.upperBound...].firstRange(of: end) else {
        return nil
      }
      return sentence[from.upperBound..<to.lowerBound]
    }
    if sentence.hasPrefix("leave-one-out") {
      self = .leaveOneOut
    } else if let moment = between("global time: events from ", " on are").flatMap({ GlobalTime.Moment(String($0)) }) {
      self = .globalTime(GlobalTime(testFrom: moment))
    } else if let percentage = between("new users: the last item of ", " %").flatMap({ Double($0) }),
      let seed = between("(seed ", ")").flatMap({ UInt64($0) })
    {
      self = .newUsers(DrawnShare(share: percentage * 2 / 100, seed: seed))
    } else if let percentage = between("cold items: leave-one-out, and ", " %").flatMap({ Double($0) }),
      let seed = between("(seed ", ")").flatMap({ UInt64($0) })
    {
      self = .coldItems(DrawnShare(share: percentage / 100, seed: seed))
    } else {
      return nil
    }
  }
}

/// A log that cannot be cut as requested.
package enum SplitError: Error, CustomStringConvertible, Equatable {
  case noTimes
  case shareOutOfRange(String, Double)
  /// The folds of other files.
  case folds(String)

  package var description: String {
    switch self {
    case .noTimes:
      "the log has no times, so it cannot be cut at a moment; use leave-one-out, or import it with its time column"
    case .shareOutOfRange(let what, let share):
      "\(what) is \(share); expected a number between 0 and 1, both left out"
    case .folds(let description):
      "this log cannot be cut into the folds of others (\(description)); give those files with --train, --validation and --test"
    }
  }
}
