/// A log cut into what a model may learn from and the cases it is evaluated on; validation is never test.
package struct Split: Sendable {
  /// What training reads. Same catalogs as the log that was cut.
  package let training: InteractionLog
  package let validation: [EvaluationCase]
  package let test: [EvaluationCase]
  /// How it was cut, and who is left out.
  package let summary: SplitSummary

  package init(
    training: InteractionLog, validation: [EvaluationCase], test: [EvaluationCase], summary: SplitSummary
  ) {
    self.training = training
    self.validation = validation
    self.test = test
    self.summary = summary
  }
}

/// One case to evaluate a recommender on: after this history, where does the item that really came next stand?
package struct EvaluationCase: Sendable {
  package let user: UserID
  /// All that was known before the target, oldest first; a view, not a copy.
  package let history: ArraySlice<ItemID>
  /// What really came next, distinct. Leave-one-out has one target; a split by time may have several.
  package let targets: [ItemID]
  /// Microseconds from the last event of the history to the first target; nil where the log has no times.
  package let gap: Int64?

  package init(user: UserID, history: ArraySlice<ItemID>, targets: [ItemID], gap: Int64? = nil) {
    self.user = user
    self.history = history
    self.targets = targets
    self.gap = gap
  }
}

/// Which cases training must not learn the answers of.
package enum HeldOut: String, Codable, CaseIterable, Sendable {
  /// Validation decides which weights are kept, the test is read at the end.
  case validationAndTest
  /// Validation's answers train, too: a last run once all is decided, evaluated on the same test. Nothing is validated.
  case test
  /// Everything trains: the model to ship, of which no figure can be had.
  case nothing
}

/// How a log was cut, who is evaluated and who is not.
package struct SplitSummary: Codable, Equatable, Sendable {
  /// With the moment that a share of the events came to; nil for a split that no method made.
  package let method: SplitMethod?
  /// Users with a test case, and with a validation case.
  package let testUsers, validationUsers: Int
  /// Users without a test case, by reason.
  package let usersLeftOut: [String: Int]
  /// Items that stand among the test targets and nowhere in training; they stay targets, and misses of models that know
  /// items by their events alone.
  package let newItems: Int
  /// Test targets that are such items.
  package let targetsOfNewItems: Int
  /// The share of test targets older than the newest training event; nil where the log has no times.
  ///
  /// Above 0, a model may have learned from what happened after a case's moment, as in leave-one-out on most logs.
  package let leakage: Double?

  package init(
    method: SplitMethod?, testUsers: Int = 0, validationUsers: Int = 0, usersLeftOut: [String: Int] = [:],
    newItems: Int = 0, targetsOfNewItems: Int = 0, leakage: Double? = nil
  ) {
    self.method = method
    self.testUsers = testUsers
    self.validationUsers = validationUsers
    self.usersLeftOut = usersLeftOut
    self.newItems = newItems
    self.targetsOfNewItems = targetsOfNewItems
    self.leakage = leakage
  }

  private enum CodingKeys: String, CodingKey {
    case method, testUsers, validationUsers, usersLeftOut, newItems, targetsOfNewItems, leakage
  }

  /// What versions before 0.2 called `testUsers`.
  private enum OldKeys: String, CodingKey { case usersJudged }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let old = try decoder.container(keyedBy: OldKeys.self)
    method = try container.decodeIfPresent(SplitMethod.self, forKey: .method)
    testUsers =
      try container.decodeIfPresent(Int.self, forKey: .testUsers) ?? old.decode(Int.self, forKey: .usersJudged)
    validationUsers = try container.decodeIfPresent(Int.self, forKey: .validationUsers) ?? 0
    usersLeftOut = try container.decode([String: Int].self, forKey: .usersLeftOut)
    newItems = try container.decode(Int.self, forKey: .newItems)
    targetsOfNewItems = try container.decode(Int.self, forKey: .targetsOfNewItems)
    leakage = try container.decodeIfPresent(Double.self, forKey: .leakage)
  }
}
