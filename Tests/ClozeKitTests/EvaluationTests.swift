import ClozeKit
import Foundation
import Testing

@Suite struct EvaluationTests {
  @Test func figuresHaveIntervalsCohortsAndAProtocol() async throws {
    let ring = try await Ring.shared.value
    let recommender = try await Recommender.load(directory: ring.model)
    let evaluation = try await recommender.evaluate(on: ring.log)
    let figure = try #require(evaluation.model["NDCG@10"])
    #expect(try #require(figure.low) <= figure.value && figure.value <= #require(figure.high))
    #expect(evaluation.model["NDCG@7"] == nil)
    #expect(evaluation.baselines.contains { $0.name == "popularity" } && evaluation.baselines.count >= 3)
    let lengths = evaluation.model.cohorts.filter { $0.dimension == "history length" }
    #expect(lengths.reduce(0) { $0 + $1.users } == 80 && lengths.allSatisfy { $0.figures.count == 2 })
    #expect(evaluation.protocol.contains { $0.name == "evaluated" && $0.value == "80 users, test" })
    // Other cutoffs of the same ranking, and no baselines.
    var options = Evaluation.Options()
    (options.cutoffs, options.withBaselines) = ([7, 10], false)
    let again = try await recommender.evaluate(on: ring.log, options: options)
    #expect(again.model["NDCG@10"]?.value == figure.value && again.model["HR@7"] != nil && again.baselines.isEmpty)
  }

  @Test func whatTheModelWasNotTrainedOnIsRefused() async throws {
    let ring = try await Ring.shared.value
    let recommender = try Recommender(directory: ring.model)
    var options = Evaluation.Options()
    options.split = .newUsers(share: 0.5)
    await #expect {
      try await recommender.evaluate(on: ring.log, options: options)
    } throws: { "\($0)".contains("it may have learned the answers; leave split out, or set allowsOtherLog") }
    var preparation = Log.Preparation()
    preparation.since = Date(timeIntervalSince1970: 1_700_000_004)
    let late = try Log(ring.folder.appendingPathComponent("log.csv"), preparation: preparation)
    await #expect {
      try await recommender.evaluate(on: late)
    } throws: { "\($0)".contains("was trained on another log, or on one that was prepared otherwise") }
    options.split = nil
    options.allowsOtherLog = true
    let forced = try await recommender.evaluate(on: late, options: options)
    #expect(forced.model.warnings.contains { $0.contains("train") })
    options.cutoffs = [0]
    await #expect(throws: ClozeError.self) { try await recommender.evaluate(on: ring.log, options: options) }
  }

  /// Folds of one's own that are what leave-one-out would have cut: popularity, which no numbering changes, reaches the same.
  @Test func foldsOfOnesOwnAreTakenAsTheyAre() async throws {
    let ring = try await Ring.shared.value
    let folder = ring.folder.appendingPathComponent("folds")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let rows = try String(contentsOf: ring.folder.appendingPathComponent("log.csv"), encoding: .utf8).split(
      separator: "\n")
    func fold(_ name: String, _ times: ClosedRange<Int>) throws -> URL {
      let url = folder.appendingPathComponent("\(name).csv")
      let lines = [String(rows[0])] + rows.dropFirst().filter { times.contains(Int($0.suffix(1))!) }.map(String.init)
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url)
      return url
    }
    let (training, validation, test) = (
      try fold("train", 0...6), try fold("validation", 7...7), try fold("test", 8...8)
    )
    let folds = try await Log.read(training: training, validation: validation, test: test)
    #expect(folds.users.count == 80 && folds.count == ring.log.count)
    let settings: Training.Settings = ["model.hidden": "16", "model.layers": "1", "stages.0.epochs": "1"]
    let own = folder.appendingPathComponent("own")
    #expect(try await Training(settings: settings).train(on: folds, into: own).validation["NDCG@10"] != nil)
    let recommender = try Recommender(directory: own)
    let evaluation = try await recommender.evaluate(on: folds)
    let cut = try await Recommender(directory: ring.model).evaluate(on: ring.log)
    #expect(cut.baselines[0].name == "popularity" && cut.baselines[0].figures == evaluation.baselines[0].figures)
    #expect(evaluation.protocol.contains { $0.value.contains("train.csv trains, validation.csv is the validation") })
    await #expect {
      try await Training(split: .leaveOneOut).train(on: folds, into: own)
    } throws: { "\($0)".contains("split cuts one log, and train has folds already") }
    let unvalidated = try Log(training: training, test: test)
    await #expect {
      try await recommender.evaluate(on: unvalidated)
    } throws: { "\($0)".contains("was trained on another log") }
  }

  /// What is said of each item is the difference to the score without it.
  @Test func anExplanationIsExact() async throws {
    let ring = try await Ring.shared.value
    let recommender = try Recommender(directory: ring.model)
    let history = ["item 1", "item 2", "item 13"]
    let whole = recommender.recommend(history: history, top: 30)
    let explanation = try await recommender.explain("item 4", history: history)
    let place = try #require(whole.items.firstIndex(of: "item 4"))
    #expect(explanation.rank == place + 1 && explanation.score == whole.entries[place].score)
    #expect(explanation.history.map(\.item) == history && explanation.history.map(\.position) == [1, 2, 3])
    let without = recommender.recommend(history: ["item 1", "item 13"], top: 30)
    let other = try #require(without.items.firstIndex(of: "item 4"))
    #expect(explanation.history[1].rankWithout == other + 1)
    #expect(abs(explanation.history[1].scoreChange - (explanation.score - without.entries[other].score)) < 1e-5)
    #expect(try await recommender.explain(history: history).item == whole.items[0])
    await #expect(throws: ClozeError.unknownItem("x")) { try await recommender.explain("x", history: history) }
    await #expect {
      try await recommender.explain("item 1", history: history, excludingSeen: true)
    } throws: { "\($0)".contains("“item 1” is no candidate for this history") }
  }

  /// As many long calls as there are cooperative threads, and one more task that gets its turn while they run.
  @Test func longWorkLeavesTheCooperativeThreadsFree() async throws {
    let ring = try await Ring.shared.value
    let recommender = try Recommender(directory: ring.model, threads: 1)
    let histories = [[String]](repeating: ["item 1", "item 2"], count: 20_000)
    let work = (0..<ProcessInfo.processInfo.activeProcessorCount).map { _ in
      Task { try await recommender.recommend(histories: histories) }
    }
    try await Task.sleep(for: .milliseconds(20))
    // This task has a thread although all that work is under way; cancelling ends it between two batches.
    for task in work { task.cancel() }
    for task in work { await #expect(throws: CancellationError.self) { try await task.value } }
  }
}
