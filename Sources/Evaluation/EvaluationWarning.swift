import DurableFiles
import Interactions
import RankingMetrics

/// Something about a result that should not be believed before it is looked at.
package struct EvaluationWarning: Codable, Equatable, Sendable, CustomStringConvertible {
  package enum Kind: String, Codable, CaseIterable, Sendable {
    /// Nearly all users get the same list.
    case sameLists
    /// Targets that the user had interacted with before.
    case targetInHistory
    /// The model loses to popularity among some users.
    case belowPopularity
    /// Scores that are not numbers.
    case notANumber
    /// Figures that real logs do not give.
    case suspiciouslyHigh
    /// The model was trained on another log or another split than it is evaluated on.
    case trainedOtherwise
  }

  package let kind: Kind
  /// What was found and what to do, in a sentence.
  package let description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// Share of recommended places that the k most recommended items may take before all lists are the same.
  static let concentrationLimit = 0.9
  /// HR@k and NDCG@k over a full ranking that no published model reaches on a real log.
  static let hitRateLimit = 0.9
  static let ndcgLimit = 0.75
  /// Cohorts of fewer users scatter too much for a warning.
  static let smallestCohort = 30

  /// What one model's ranks and lists give reason for.
  static func raised(by table: RankTable, lists: ListStatistics, notANumber: Int) -> [EvaluationWarning] {
    var warnings: [EvaluationWarning] = []
    let (rules, log) = (table.protocol.rules, table.protocol.log)
    let k = rules.mainCutoff
    if lists.concentration > concentrationLimit && table.users.count > 1 && k * 5 <= log.items {
      warnings.append(
        EvaluationWarning(
          .sameLists,
          "\(Counted(k, "item")) \(Counted.verb(k, "takes", "take")) \(percent(lists.concentration)) of all top-\(k) places: "
            + "nearly all users get the same list; "
            + "the model has not learned from histories, so train longer or check that histories reach it"))
    }
    if table.protocol.targetsInHistory > 0 {
      warnings.append(
        EvaluationWarning(
          .targetInHistory,
          "\(table.protocol.targetsInHistory) targets stand in their own history"
            + (rules.seen == .remove ? " and were ranked all the same" : "")
            + "; if users repeat items, evaluate with seen items kept (--seen keep), otherwise look for repeated rows in "
            + "the log"))
    }
    if notANumber > 0 {
      warnings.append(
        EvaluationWarning(
          .notANumber,
          "\(notANumber) scores are not numbers and stand last; the weights are damaged, so go back to an earlier model "
            + "and lower the learning rate"))
    }
    let hitRate = RankMetric.hitRate.mean(ofRanks: table.ranks, at: k)
    let ndcg = RankMetric.ndcg.mean(ofRanks: table.ranks, at: k)
    if log.items >= 100 && (hitRate > hitRateLimit || ndcg > ndcgLimit) {
      warnings.append(
        EvaluationWarning(
          .suspiciouslyHigh,
          "HR@\(k) \(decimal(hitRate)) and NDCG@\(k) \(decimal(ndcg)) among \(Counted(log.items, "item")) are higher than "
            + "real logs give; check that no target reaches training or the model's input"))
    }
    if table.protocol.heldOut == .nothing {
      warnings.append(
        EvaluationWarning(
          .trainedOtherwise,
          "the model has learned the test targets (it was trained with heldOut nothing), so these figures say nothing "
            + "about new events; evaluate the run that chose its configuration"))
    }
    return warnings
  }

  /// Where `result` loses to `popularity` on the same users.
  package static func raised(by result: EvaluationResult, against popularity: EvaluationResult) -> [EvaluationWarning] {
    let figure = result.protocol.rules.mainMetric
    let pairs =
      [(nil, result.results, popularity.results, result.protocol.cases)]
      + zip(result.cohorts, popularity.cohorts).map { ours, theirs in
        (Optional("\(ours.dimension) \(ours.part)"), ours.values, theirs.values, ours.users)
      }
    return pairs.compactMap { cohort, ours, theirs, users in
      guard users >= smallestCohort, let own = ours.first(figure)?.value, let rival = theirs.first(figure)?.value,
        own < rival
      else { return nil }
      let who = cohort.map { "for the \(Counted(users, "user")) with \($0)" } ?? "over all \(Counted(users, "user"))"
      return EvaluationWarning(
        .belowPopularity,
        "\(figure) \(decimal(own)) is below popularity's \(decimal(rival)) \(who); "
          + "do not use the model there without knowing why")
    }
  }

  /// Where the model was not trained on the training part of the split it is evaluated on.
  ///
  /// An empty fingerprint, or no split, says that it is unknown, as for a model made elsewhere.
  package static func raised(
    byTrainingOn fingerprint: String, split: SplitMethod?, unknownItems: Int, evaluatedOn log: LogIdentity,
    _ summary: SplitSummary
  ) -> [EvaluationWarning] {
    var faults: [String] = []
    if fingerprint != log.fingerprint {
      faults.append(fingerprint.isEmpty ? "on an unknown log" : "on another log (\(fingerprint))")
    }
    if split != summary.method {
      faults.append(split.map { "with another split (\($0))" } ?? "with an unknown split")
    }
    if faults.isEmpty { return [] }
    let missing =
      unknownItems == 0
      ? ""
      : "; \(Counted(unknownItems, "item")) of this log \(Counted.verb(unknownItems, "is", "are")) unknown to it and "
        + "\(Counted.verb(unknownItems, "ranks", "rank")) last"
    return [
      EvaluationWarning(
        .trainedOtherwise,
        "the model was trained \(faults.joined(separator: " and "))\(missing); test targets may have reached its "
          + "training, so evaluate it on the log and split it was trained with")
    ]
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
  private static func decimal(_ value: Double) -> String { "\((value * 10_000).rounded() / 10_000)" }
}
