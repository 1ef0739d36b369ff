import Foundation
import InteractionStore
import Interactions
import Recommending
import TestSupport
import Testing

@Suite struct BatchRunTests {
  let folder: URL

  init() throws {
    folder = TestFolder.url.appendingPathComponent("batch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// 1,500 users, whose histories have up to six items.
  func users() -> any UserSource {
    let histories = (0..<1_500).map { user in (0..<user % 7).map { Identifier("item \(($0 * 5 + user) % 30)") } }
    return GivenHistories(histories, catalog: TopKRecommenderTests.items)
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  /// One run, stopped before the batch of the number `stop` if given.
  func run(
    _ run: BatchRun, to destination: RecommendationDestination, resuming: Bool = false, stoppedBefore stop: Int? = nil
  ) throws -> (summary: BatchRun.Summary, resumedBehind: Int) {
    var source = users()
    let sink = try destination.open(
      run.identity(model: folder, users: source), probabilities: true, resuming: resuming)
    let behind = sink.done
    var batches = 0
    let summary = try run.run(
      &source, into: sink,
      shouldStop: {
        batches += 1
        return batches == stop
      })
    return (summary, behind)
  }

  @Test func aRunThatIsResumedWritesTheSameBytes() throws {
    let batch = BatchRun(TopKRecommenderTests.recommender(threads: 2, rules: ListRules(top: 4, probabilities: true)))
    func file(_ name: String) -> RecommendationDestination { .file(folder.appendingPathComponent(name), .csv) }
    let whole = try run(batch, to: file("whole.csv"))
    #expect(whole.summary.isComplete && whole.summary.users == 1_500 && whole.summary.rows == 6_000)
    #expect(whole.summary.bySource == [.model: 1_285, .prior: 215])
    let stopped = try run(batch, to: file("resumed.csv"), stoppedBefore: 2)
    #expect(!stopped.summary.isComplete && stopped.summary.users == 1_024)
    #expect(throws: (any Error).self) { try text("resumed.csv") }
    var other = batch
    other.recommender.rules.excludesSeen = true
    #expect(throws: (any Error).self) { try run(other, to: file("resumed.csv"), resuming: true) }
    let resumed = try run(batch, to: file("resumed.csv"), resuming: true)
    #expect(resumed.resumedBehind == 1_024 && resumed.summary.users == 476)
    #expect(try text("resumed.csv") == text("whole.csv"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["resumed.csv", "whole.csv"])
  }

  @Test func aRunThatIsStoppedBeforeItsFirstBatchLeavesNothing() throws {
    let batch = BatchRun(TopKRecommenderTests.recommender())
    let file = RecommendationDestination.file(folder.appendingPathComponent("none.csv"), .csv)
    #expect(try run(batch, to: file, stoppedBefore: 1).summary.users == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  /// A single request gets the rows that a batch run writes for it.
  @Test func aSingleAnswerIsTheBatchs() throws {
    let excluded = ExcludedPairs(
      [("history 6", "item 2"), ("history 6", "item 9")].map { (user: $0.0, item: $0.1) },
      catalog: TopKRecommenderTests.items)
    let rules = ListRules(top: 3, excludesSeen: true, probabilities: true)
    let batch = BatchRun(TopKRecommenderTests.recommender(rules: rules), excludedPairs: excluded)
    _ = try run(batch, to: .file(folder.appendingPathComponent("all.jsonl"), .jsonLines))
    var source = users()
    let format = RecommendationText(format: .jsonLines, probabilities: true)
    var alone = ""
    while let request = try source.next(1).first {
      var request = request
      if request.user == "history 6" { request.excluded = [ItemID(2), ItemID(9)] }
      let list = batch.recommender.recommend([request])[0]
      if request.user == "history 6" { #expect(!list.items.contains { $0.item == 2 || $0.item == 9 }) }
      alone += format.of(list.rows(for: request.user, items: TopKRecommenderTests.items), isFirst: false)
    }
    #expect(try text("all.jsonl") == alone)
  }

  @Test func aTableHasTheRowsOfAFile() throws {
    let store = try InteractionStore.open(folder.appendingPathComponent("shop.sqlite"), creating: true)
    let batch = BatchRun(TopKRecommenderTests.recommender(rules: ListRules(top: 2, probabilities: true)))
    #expect(try run(batch, to: .table("next", in: store), stoppedBefore: 2).summary.users == 1_024)
    #expect(try run(batch, to: .table("next", in: store), resuming: true).summary.users == 476)
    _ = try run(batch, to: .file(folder.appendingPathComponent("next.csv"), .csv))
    let selection = try ColumnSelection("user=user,item=item,time=none,group=none")
    let table = try LogSource.load(store.url.path, options: ReadingOptions(columns: selection, table: "next")).log
    let file = try LogSource.load(
      folder.appendingPathComponent("next.csv").path, options: ReadingOptions(columns: selection)
    ).log
    #expect(table == file && table.eventCount == 3_000)
  }
}
