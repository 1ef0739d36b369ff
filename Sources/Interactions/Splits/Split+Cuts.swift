/// Where one user's events are cut; ranges are positions in the log's `events`.
struct UserCut {
  struct Case {
    let history: Range<Int>
    let targets: Range<Int>
  }
  let training: Range<Int>
  /// What trains where the test alone is held out; nil for `training`.
  var beforeTest: Range<Int>?
  var validation: Case?
  var test: Case?
  /// Why the user has no test case, where there is none.
  var leftOut: String?
}

extension UserCut {
  /// The cut of a history by two places: what stands before the first trains, what stands between them is the validation and
  /// what stands behind the second the test, each where something stands before it.
  init(_ range: Range<Int>, validationFrom first: Int, testFrom second: Int) {
    self.init(training: range.lowerBound..<first, beforeTest: range.lowerBound..<second)
    if first > range.lowerBound && second > first {
      validation = Case(history: range.lowerBound..<first, targets: first..<second)
    }
    if second > range.lowerBound && second < range.upperBound {
      test = Case(history: range.lowerBound..<second, targets: second..<range.upperBound)
    }
  }
}

extension Split {
  /// The split of `log` that `cuts` describe, one per user in order; what is not held out trains and makes no cases.
  ///
  /// - Parameter trains: `[items]` whether events of an item may train, unless nothing is held out; nil for all.
  init(
    _ log: InteractionLog, method: SplitMethod, cuts: [UserCut], holdingOut heldOut: HeldOut = .validationAndTest,
    trains: [Bool]? = nil
  ) {
    precondition(cuts.count == log.userCount, "\(cuts.count) cuts for \(log.userCount) users")
    var offsets = [0]
    var kept: [Int] = []
    var validation: [EvaluationCase] = []
    var test: [EvaluationCase] = []
    var leftOut: [String: Int] = [:]
    var testEvents: [Int] = []
    kept.reserveCapacity(log.eventCount)
    func mayTrain(_ event: Int) -> Bool { trains?[log.events[event].index] ?? true }
    for (index, cut) in cuts.enumerated() {
      switch heldOut {
      case .validationAndTest: kept.append(contentsOf: cut.training.lazy.filter(mayTrain))
      case .test: kept.append(contentsOf: (cut.beforeTest ?? cut.training).lazy.filter(mayTrain))
      case .nothing: kept.append(contentsOf: log.range(of: UserID(index)))
      }
      offsets.append(kept.count)
      if heldOut == .validationAndTest, let place = cut.validation {
        validation.append(log.evaluationCase(of: UserID(index), at: place))
      }
      if let place = cut.test {
        test.append(log.evaluationCase(of: UserID(index), at: place))
        testEvents.append(contentsOf: place.targets)
      }
      if let reason = cut.leftOut { leftOut[reason, default: 0] += 1 }
    }
    var known = [Bool](repeating: false, count: log.itemCount)
    for position in kept { known[log.events[position].index] = true }
    let cold = test.lazy.flatMap(\.targets).filter { !known[$0.index] }
    let leakage: Double? = log.times.map { times in
      let newest = kept.lazy.map { times[$0] }.max() ?? .min
      return testEvents.isEmpty ? 0 : Double(testEvents.count { times[$0] < newest }) / Double(testEvents.count)
    }
    self.init(
      training: log.selecting(kept, offsets: offsets), validation: validation, test: test,
      summary: SplitSummary(
        method: method, testUsers: test.count, validationUsers: validation.count, usersLeftOut: leftOut,
        newItems: Set(cold).count, targetsOfNewItems: cold.count, leakage: leakage))
  }
}

extension InteractionLog {
  /// Whether `user` interacts with the items at `place.targets` next; an item is a target once.
  fileprivate func evaluationCase(of user: UserID, at place: UserCut.Case) -> EvaluationCase {
    var found: Set<ItemID> = []
    return EvaluationCase(
      user: user, history: events[place.history],
      targets: events[place.targets].filter { found.insert($0).inserted },
      gap: place.history.isEmpty
        ? nil : times.map { $0[place.targets.lowerBound] - $0[place.history.upperBound - 1] })
  }
}
