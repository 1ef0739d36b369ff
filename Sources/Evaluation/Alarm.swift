import Interactions
import RankingMetrics

/// Something about a result that should not be believed before it is looked at.
package struct Alarm: Codable, Equatable, Sendable, CustomStringConvertible {
  package enum Kind: String, Codable, CaseIterable, Sendable {
    /// Nearly everybody gets the same list.
    case sameLists
    /// Targets that the person had touched before.
    case targetInHistory
    /// The model loses to popularity among some users.
    case belowPopularity
    /// Scores that are not numbers.
    case notANumber
    /// Figures that real logs do not give.
    case suspiciouslyHigh
    /// The model was trained on another log or another split than it is judged on.
    case trainedOtherwise
  }

  package let kind: Kind
  /// What was found and what to do, in a sentence.
  package let description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// Share of recommended places that the k most recommended items may take before everybody gets the same.
  static let concentrationLimit = 0.9
  /// HR@k and NDCG@k over a full ranking that no published model reaches on a real log.
  static let hitRateLimit = 0.9
  static let ndcgLimit = 0.75
  /// Cohorts of fewer users scatter too much to raise an alarm.
  static let smallestCohort = 30

  /// What one model's ranks and lists give reason for.
  static func raised(by table: RankTable, lists: ListStatistics, notANumber: Int) -> [Alarm] {
    var alarms: [Alarm] = []
    let passport = table.passport
    let k = passport.rules.mainCutoff
    if lists.concentration > concentrationLimit && table.users.count > 1 && k * 5 <= passport.log.items {
      alarms.append(
        Alarm(
          .sameLists,
          "\(k) items take \(percent(lists.concentration)) of all top-\(k) places: nearly everybody gets the same list; "
            + "the model has not learnt from histories, so train longer or check that histories reach it"))
    }
    if passport.targetsInHistory > 0 {
      alarms.append(
        Alarm(
          .targetInHistory,
          "\(passport.targetsInHistory) targets stand in their own history"
            + (passport.rules.seen == .remove ? " and were ranked all the same" : "")
            + "; if people repeat items, judge with seen items kept, otherwise look for repeated rows in the log"))
    }
    if notANumber > 0 {
      alarms.append(
        Alarm(
          .notANumber,
          "\(notANumber) scores are not numbers and stand last; the weights are damaged, so go back to an earlier model "
            + "and lower the learning rate"))
    }
    let hitRate = RankMetric.hitRate.mean(ofRanks: table.ranks, at: k)
    let ndcg = RankMetric.ndcg.mean(ofRanks: table.ranks, at: k)
    if passport.log.items >= 100 && (hitRate > hitRateLimit || ndcg > ndcgLimit) {
      alarms.append(
        Alarm(
          .suspiciouslyHigh,
          "HR@\(k) \(decimal(hitRate)) and NDCG@\(k) \(decimal(ndcg)) among \(passport.log.items) items are higher than "
            + "real logs give; check that no target reaches training or the model's input"))
    }
    if passport.heldOut == .nothing {
      alarms.append(
        Alarm(
          .trainedOtherwise,
          "the model has learnt the test targets (it was trained with heldOut nothing), so these figures say nothing "
            + "about new events; judge the run that chose its configuration"))
    }
    return alarms
  }

  /// Where `result` loses to `popularity`, judged on the same users.
  package static func raised(by result: EvaluationResult, against popularity: EvaluationResult) -> [Alarm] {
    let figure = "NDCG@\(result.passport.rules.mainCutoff)"
    let pairs =
      [(nil, result.results, popularity.results, result.passport.questions)]
      + zip(result.cohorts, popularity.cohorts).map { ours, theirs in
        (Optional("\(ours.dimension) \(ours.cohort)"), ours.values, theirs.values, ours.users)
      }
    return pairs.compactMap { cohort, ours, theirs, users in
      guard users >= smallestCohort, let own = ours.named(figure)?.value, let rival = theirs.named(figure)?.value,
        own < rival
      else { return nil }
      let who = cohort.map { "for the \(users) users with \($0)" } ?? "over all \(users) users"
      return Alarm(
        .belowPopularity,
        "\(figure) \(decimal(own)) is below popularity's \(decimal(rival)) \(who); "
          + "do not use the model there without knowing why")
    }
  }

  /// Where the model was not trained on the training part of the questions' own split.
  ///
  /// An empty fingerprint or split says that it is not known, as for a model made elsewhere.
  package static func raised(
    byTrainingOn fingerprint: String, split: String, unknownItems: Int, judgedOn log: LogIdentity,
    _ account: SplitAccount
  ) -> [Alarm] {
    var faults: [String] = []
    if fingerprint != log.fingerprint {
      faults.append(fingerprint.isEmpty ? "on a log that is not known" : "on another log (\(fingerprint))")
    }
    if !account.method.hasPrefix(split) || split.isEmpty {
      faults.append(split.isEmpty ? "with a split that is not known" : "with another split (\(split))")
    }
    if faults.isEmpty { return [] }
    let missing = unknownItems == 0 ? "" : "; \(unknownItems) items of this log are unknown to it and stand last"
    return [
      Alarm(
        .trainedOtherwise,
        "the model was trained \(faults.joined(separator: " and "))\(missing); test targets may have reached its "
          + "training, so judge it on the log and split it was trained with")
    ]
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
  private static func decimal(_ value: Double) -> String { "\((value * 10_000).rounded() / 10_000)" }
}
