import InteractionStore
import Interactions
import Kernels
import ModelFiles
import NeuralNetwork
import Recommending
import Serving
import Testing

/// Sessions that go on are answered from what was computed before, with the bytes of lists that are computed whole.
@Suite struct SessionCacheTests {
  let shop: SmallShop

  init() throws {
    shop = try SmallShop()
    try shop.write(seed: 3, attention: .causal, pooling: .last)
  }

  /// What a recommender without a cache writes of these histories, each by itself.
  private func rows(of histories: [[Identifier]]) throws -> [String] {
    let loaded = try ModelDirectory.load(shop.model, workers: Workers(threads: 1))
    let recommender = TopKRecommender(loaded.model, items: loaded.items)
    let text = RecommendationText(format: .csv, probabilities: false)
    return histories.map { history in
      var mapper = ItemMapper(loaded.items)
      let request = RecommendationRequest(user: "history", history: mapper.map(history)[...])
      return text.of(recommender.recommend([request])[0].rows(for: "history", items: loaded.items), isFirst: true)
    }
  }

  @Test(arguments: [256_000_000, 30_000, 0]) func sessionsThatGrowGiveTheRowsOfWholeHistories(bytes: Int) async throws {
    let engine = try shop.engine {
      ($0.lists, $0.threads, $0.cacheBytes) = (QueueLimits(waiting: 100_000, batch: 16), 2, bytes)
    }
    let sessions = (0..<40).map { session in
      (0..<15).map { Identifier("item \((session * 17 % 59 + $0 * (session % 5 + 3)) % 63)") }
    }
    let histories = (1...15).flatMap { length in sessions.map { Array($0.prefix(length)) } }
    let expected = Dictionary(zip(histories, try rows(of: histories))) { first, _ in first }
    for length in 1...15 {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for session in sessions {
          let history = Array(session.prefix(length))
          group.addTask {
            let answers = try await engine.recommend([ListRequest(.items(history))])
            #expect(answers.csv() == expected[history]!)
          }
        }
        try await group.waitForAll()
      }
    }
    let statistics = engine.model.cacheStatistics
    #expect((statistics == nil) == (bytes == 0))
    if let statistics {
      #expect(statistics.extended > 0 && statistics.rowsTaken > 0 && statistics.bytes <= bytes)
      // Twelve items are read; after them each session slides.
      if bytes > 1_000_000 { #expect(statistics.extended + statistics.identical >= 40 * 10) }
    }
    await engine.close()
  }

  @Test func usersWhoseEventsComeAreAnsweredFromTheirNewRows() async throws {
    let engine = try shop.engine()
    for number in 0..<9 {
      try await engine.append([NewEvent(user: "fresh", item: Identifier("item \(number * 5)"))])
      let answers = try await engine.recommend([ListRequest(.user("fresh"), top: 6)])
      #expect(answers.csv() == (try shop.batch(ListRules(top: 6), users: ["fresh"])))
    }
    let statistics = try #require(engine.model.cacheStatistics)
    #expect((statistics.whole, statistics.extended, statistics.rowsComputed) == (1, 8, 9))
    await engine.close()
  }

  @Test func aModelThatReplacesAnotherBeginsAnew() async throws {
    let engine = try shop.engine()
    let request = ListRequest(.items(["item 1", "item 2", "item 3"]))
    _ = try await engine.recommend([request])
    #expect(try #require(engine.model.cacheStatistics).bytes > 0)
    try shop.write(seed: 4, attention: .causal, pooling: .last)
    try await engine.reload()
    #expect(engine.model.cacheStatistics?.bytes == 0)
    let answers = try await engine.recommend([request])
    #expect(answers.csv() == (try rows(of: [["item 1", "item 2", "item 3"]])[0]))
    await engine.close()
  }

  @Test func eachModelKeepsItsOwn() async throws {
    let first = try shop.engine()
    _ = try await first.recommend([ListRequest(.items(["item 1", "item 2"]))])
    try shop.write(seed: 5, attention: .causal, pooling: .tail)
    let other = try RecommendationEngine(model: shop.model, beside: first)
    let answers = try await other.recommend([ListRequest(.items(["item 1", "item 2"]))])
    #expect(answers.csv() == (try rows(of: [["item 1", "item 2"]])[0]))
    #expect(other.model.cacheStatistics?.whole == 1 && first.model.cacheStatistics?.whole == 1)
    await first.close()
    await other.close()
  }
}
