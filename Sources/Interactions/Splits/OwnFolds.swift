import DurableFiles

/// Folds that the user made: one log trains, one validates, one tests.
///
/// A user's history is what stands in the folds before; all distinct items of a fold are its targets. Users without an
/// event before a fold are not evaluated in it. Times order the events within a fold, not the folds.
package struct OwnFolds: Sendable {
  /// The names of the logs.
  package let training: String
  package let validation: String?
  package let test: String
  /// SHA-256 of where the folds begin in everybody's history: with the log's fingerprint, what they are.
  package let fingerprint: String
  /// By user, how many events train, and how many validate; none where only the names are known.
  private let sizes: [(training: Int, validation: Int)]

  /// Joins logs over the same catalogs.
  ///
  /// - Returns: everybody's events, fold after fold, and the folds.
  /// - Precondition: the logs have the same catalogs and columns.
  package static func joining(
    training: InteractionLog, validation: InteractionLog?, test: InteractionLog,
    names: (training: String, validation: String?, test: String)
  ) -> (log: InteractionLog, folds: OwnFolds) {
    let logs = [training, validation, test].compactMap(\.self)
    var columns = EventColumns(present: training.columns.present)
    var bases: [Int] = []
    for log in logs {
      precondition(log.users == training.users && log.items == training.items, "folds over different catalogs")
      precondition(log.columns.present == training.columns.present, "folds with different columns")
      bases.append((bases.last ?? 0) + (bases.isEmpty ? 0 : logs[bases.count - 1].eventCount))
      columns.append(contentsOf: log.columns)
    }
    var positions: [Int] = []
    var offsets = [0]
    for user in 0..<training.userCount {
      for (log, base) in zip(logs, bases) { positions += log.range(of: UserID(user)).map { base + $0 } }
      offsets.append(positions.count)
    }
    let events = logs.flatMap(\.events)
    let log = InteractionLog(
      users: training.users, items: training.items, offsets: offsets, events: positions.map { events[$0] },
      columns: columns.reindexed(by: positions))
    let sizes = (0..<training.userCount).map { user in
      (training: training.range(of: UserID(user)).count, validation: validation?.range(of: UserID(user)).count ?? 0)
    }
    return (log, OwnFolds(names, sizes))
  }

  private init(
    _ names: (training: String, validation: String?, test: String), _ sizes: [(training: Int, validation: Int)]
  ) {
    (training, validation, test) = names
    self.sizes = sizes
    var hash = SHA256()
    for size in sizes {
      hash.update(integer: size.training)
      hash.update(integer: size.validation)
    }
    fingerprint = hash.hexadecimal()
  }

  /// - Throws: `SplitError.folds` where the folds are those of another log, or only their names are known.
  package func split(
    _ log: InteractionLog, holdingOut heldOut: HeldOut = .validationAndTest
  ) throws(SplitError) -> Split {
    guard sizes.count == log.userCount else { throw .folds(description) }
    let cuts = (0..<log.userCount).map { index in
      let range = log.range(of: UserID(index))
      let first = range.lowerBound + sizes[index].training
      let second = first + sizes[index].validation
      var cut = UserCut(range, validationFrom: first, testFrom: second)
      if cut.test == nil {
        cut.leftOut = second == range.upperBound ? "without an event in the test" : "only in the test"
      }
      return cut
    }
    return Split(log, method: .ownFolds(self), cuts: cuts, holdingOut: heldOut)
  }
}

/// Folds are equal where they begin at the same places, whatever their files are called.
extension OwnFolds: Hashable {
  package static func == (a: OwnFolds, b: OwnFolds) -> Bool { a.fingerprint == b.fingerprint }
  package func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

extension OwnFolds: CustomStringConvertible {
  package var description: String {
    let held = validation.map { "\($0) is the validation, " } ?? "nothing is the validation, "
    return "own folds: \(training) trains, \(held)\(test) is the test"
  }
}

/// Without what only the files know.
extension OwnFolds: Codable {
  private enum Key: String, CodingKey { case training, validation, test, fingerprint }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    training = try container.decode(String.self, forKey: .training)
    validation = try container.decodeIfPresent(String.self, forKey: .validation)
    test = try container.decode(String.self, forKey: .test)
    fingerprint = try container.decode(String.self, forKey: .fingerprint)
    sizes = []
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(training, forKey: .training)
    try container.encodeIfPresent(validation, forKey: .validation)
    try container.encode(test, forKey: .test)
    try container.encode(fingerprint, forKey: .fingerprint)
  }
}
