import Evaluation
import Interactions
import Kernels
import RankingMetrics
import SequentialModels
import Testing

/// Knows the answer from the first item of a history.
private struct Cheat: SequentialRecommender {
  let name = "cheat"
  let itemCount: Int
  let answers: [ItemID: ItemID]
  func score(_ histories: [ArraySlice<ItemID>], into scores: Matrix) {
    scores.fill(0)
    for (row, history) in histories.enumerated() {
      if let first = history.first, let answer = answers[first] { scores[row, answer.index] = 1 }
    }
  }
}

@Suite struct EvaluationWarningTests {
  /// User u has items u and u + 1 and then 60 + u, which no other user has.
  private let log = InteractionLog(
    users: Catalog((0..<60).map { "u\($0)" }), items: Catalog((0..<120).map { "i\($0)" }),
    offsets: (0...60).map { 3 * $0 }, events: (0..<60).flatMap { [ItemID($0), ItemID(($0 + 1) % 60), ItemID(60 + $0)] })

  private func result(of model: some SequentialRecommender, on log: InteractionLog? = nil) -> EvaluationResult {
    let log = log ?? self.log
    let identity = LogIdentity(
      name: "made", fingerprint: "f", users: log.userCount, items: log.itemCount, events: log.eventCount)
    return Evaluator(
      rules: EvaluationRules(bootstrap: Bootstrap(resamples: 20)), split: LeaveOneOut.split(log), log: identity,
      workers: Workers(threads: 1)
    ).evaluate(model).result
  }

  @Test func oneListForAllUsers() {
    let result = result(of: FixedScores(table: (0..<120).map { Float($0 > 80 ? $0 : 0) }))
    #expect(result.warnings.map(\.kind) == [.sameLists])
    #expect(result.warnings[0].description.hasPrefix("10 items take 100 % of all top-10 places: nearly all users"))
  }

  @Test func targetsInTheirHistory() {
    let repeating = InteractionLog(
      users: Catalog(["a", "b"]), items: Catalog(["0", "1", "2"]), offsets: [0, 3, 6],
      events: [0, 1, 0, 1, 2, 0].map { ItemID($0) })
    let result = result(of: FixedScores(table: [1, 2, 3]), on: repeating)
    #expect(result.warnings.map(\.kind) == [.targetInHistory])
    #expect(result.protocol.targetsInHistory == 1)
  }

  @Test func scoresThatAreNotNumbers() {
    let kinds = result(of: FixedScores(table: [Float](repeating: .nan, count: 120))).warnings.map(\.kind)
    #expect(kinds == [.notANumber])
  }

  @Test func figuresTooGoodToBeTrue() {
    let answers = Dictionary(uniqueKeysWithValues: (0..<60).map { (ItemID($0), ItemID(60 + $0)) })
    let result = result(of: Cheat(itemCount: 120, answers: answers))
    #expect(result.warnings.map(\.kind) == [.suspiciouslyHigh])
    #expect(result.warnings[0].description.hasPrefix("HR@10 1.0 and NDCG@10 1.0 among 120 items"))
  }

  @Test func belowPopularityInACohort() {
    let good = result(
      of:
        Cheat(
          itemCount: 120, answers: Dictionary(uniqueKeysWithValues: (0..<60).map { (ItemID($0), ItemID(60 + $0)) })))
    let poor = result(of: FixedScores(table: [Float](repeating: 0, count: 120)))
    let warnings = EvaluationWarning.raised(by: poor, against: good)
    #expect(warnings.allSatisfy { $0.kind == .belowPopularity } && warnings.count == 4)
    #expect(warnings.map(\.description).contains { $0.contains("for the 60 users with history length 0–4") })
    #expect(EvaluationWarning.raised(by: good, against: poor).isEmpty)
  }

  @Test func trainedOnSomethingElse() {
    let identity = LogIdentity(name: "made", fingerprint: "f", users: 60, items: 120, events: 180)
    let summary = LeaveOneOut.split(log).summary
    func raised(_ fingerprint: String, _ split: SplitMethod?) -> [EvaluationWarning] {
      EvaluationWarning.raised(byTrainingOn: fingerprint, split: split, unknownItems: 2, evaluatedOn: identity, summary)
    }
    #expect(raised("f", .leaveOneOut).isEmpty)
    #expect(
      raised("e", .newUsers(DrawnShare(share: 0.25, seed: 7))).map(\.description) == [
        "the model was trained on another log (e) and with another split (new users: the last item of 12.5 % of the users, "
          + "who train nothing (seed 7)); 2 items of this log are unknown to it and rank last; test targets may have "
          + "reached its training, so evaluate it on the log and split it was trained with"
      ])
    #expect(raised("", nil).map(\.kind) == [.trainedOtherwise])
  }

  @Test func aReportRaisesWhatNeedsBoth() {
    let split = LeaveOneOut.split(log)
    let identity = LogIdentity(name: "made", fingerprint: "f", users: 60, items: 120, events: 180)
    var kept: [String] = []
    let report = Evaluator(
      rules: EvaluationRules(bootstrap: Bootstrap(resamples: 20)), split: split, log: identity,
      workers: Workers(threads: 2)
    ).report(
      on: FixedScores(table: [Float](repeating: 0, count: 120)),
      baselines: Baselines.all(split.training, workers: Workers(threads: 2))
    ) { kept.append($0.name) }
    #expect(kept == ["fixed", "popularity", "last-item Markov", "item-kNN"])
    #expect(report.all.map(\.name) == kept)
  }
}
