extension Split {
  /// The split of `log` that `cuts` describe, one per user in order; what is not held out trains and asks nothing.
  init(_ log: InteractionLog, method: String, cuts: [UserCut], holdingOut heldOut: HeldOut = .validationAndTest) {
    precondition(cuts.count == log.userCount, "\(cuts.count) cuts for \(log.userCount) users")
    var offsets = [0]
    var kept: [Int] = []
    var validation: [EvaluationCase] = []
    var test: [EvaluationCase] = []
    var leftOut: [String: Int] = [:]
    var testEvents: [Int] = []
    kept.reserveCapacity(log.eventCount)
    for (index, cut) in cuts.enumerated() {
      switch heldOut {
      case .validationAndTest: kept.append(contentsOf: cut.training)
      case .test: kept.append(contentsOf: cut.beforeTest ?? cut.training)
      case .nothing: kept.append(contentsOf: log.range(of: UserID(index)))
      }
      offsets.append(kept.count)
      if heldOut == .validationAndTest, let question = cut.validation {
        validation.append(log.ask(UserID(index), question))
      }
      if let question = cut.test {
        test.append(log.ask(UserID(index), question))
        testEvents.append(contentsOf: question.targets)
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
      training: log.selecting(kept, offsets: offsets),
      validation: validation, test: test,
      account: SplitAccount(
        method: method, usersJudged: test.count, usersLeftOut: leftOut, newItems: Set(cold).count,
        targetsOfNewItems: cold.count, leakage: leakage))
  }
}

extension InteractionLog {
  /// The question whether `user` touches the items at `question.targets` next; an item is a target once.
  fileprivate func ask(_ user: UserID, _ question: UserCut.Question) -> EvaluationCase {
    var asked: Set<ItemID> = []
    return EvaluationCase(
      user: user, history: events[question.history],
      targets: events[question.targets].filter { asked.insert($0).inserted },
      gap: question.history.isEmpty
        ? nil : times.map { $0[question.targets.lowerBound] - $0[question.history.upperBound - 1] })
  }
}
