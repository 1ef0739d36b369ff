import Foundation
import InteractionStore
import Interactions
import Recommending
import Serving
import Synchronization
import Testing

@Suite struct RecommendationEngineTests {
  let shop: SmallShop

  init() throws { shop = try SmallShop() }

  @Test func listsAreThoseOfABatchRunByteForByte() async throws {
    let engine = try shop.engine { $0.threads = 2 }
    for (rules, request) in [
      (ListRules(top: 10), ListRequest(.items([]))),
      (
        ListRules(top: 7, excludesSeen: true, probabilities: true),
        ListRequest(.items([]), top: 7, excludesSeen: true, probabilities: true)
      ),
    ] {
      // Users that the log does not have, and repeated ones, too.
      let names = (shop.users + ["nobody"] + shop.users.reversed())
      let requests = names.map { name in
        var request = request
        request.history = .user(name)
        return request
      }
      let answers = try await engine.recommend(requests)
      #expect(answers.csv(probabilities: rules.probabilities) == (try shop.batch(rules, users: names)))
      #expect(Set(answers.map(\.list.source)) == [.model, .popular])
    }
    await engine.close()
  }

  /// Ten thousand requests of many kinds at once, each the same as alone.
  @Test func answersDoNotDependOnWhatElseIsAsked() async throws {
    let engine = try shop.engine { ($0.lists, $0.threads) = (QueueLimits(waiting: 100_000, batch: 64), 2) }
    let kinds: [ListRequest] = [
      ListRequest(.items([]), top: 5), ListRequest(.items([]), top: 9, probabilities: true),
      ListRequest(.items([]), excludesSeen: true), ListRequest(.items([]), mostPerGroup: 1),
      ListRequest(.items([]), only: (3..<12).map { Identifier("item \($0)") }, probabilities: true),
      ListRequest(.items([]), excluded: ["item 1", "item 40", "other"]),
    ]
    let requests = (0..<2_000).map { number in
      var request = kinds[number % kinds.count]
      request.history =
        number % 3 == 0
        ? .user(Identifier("user \(number % 130)"))
        : .items((0..<number % 20).map { Identifier("item \((number * 13 + $0 * 7) % 65)") })
      return request
    }
    var alone: [String] = []
    for request in requests {
      alone.append(try await engine.recommend([request]).csv(probabilities: request.probabilities))
    }
    let largest = Mutex(0)
    let together = try shop.engine {
      ($0.lists, $0.threads) = (QueueLimits(waiting: 100_000, batch: 64), 2)
    } observe: {
      if case .lists(let report) = $0 { largest.withLock { $0 = max($0, report.jobs) } }
    }
    let texts = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for round in 0..<5 {
        for (number, request) in requests.enumerated() where (number + round) % 5 != 4 || round == 4 {
          group.addTask { (number, try await together.recommend([request]).csv(probabilities: request.probabilities)) }
        }
      }
      return try await group.reduce(into: [Int: Set<String>]()) { $0[$1.0, default: []].insert($1.1) }
    }
    for number in requests.indices { #expect(texts[number] == [alone[number]]) }
    #expect(largest.withLock { $0 } > 1)
    await engine.close()
    await together.close()
  }

  @Test func candidatesAndGroupsAreThoseOfABatchRun() async throws {
    let engine = try shop.engine()
    let limit = GroupLimit.assigning(SmallShop.groups, most: 2, catalog: Catalog(SmallShop.items)).limit
    let rules = ListRules(top: 12, groupLimit: limit, probabilities: true)
    let answers = try await engine.recommend(
      shop.users.map {
        ListRequest(
          .user($0), top: 12, only: (0..<40).map { Identifier("item \($0)") }, mostPerGroup: 2, probabilities: true)
      })
    #expect(answers.csv(probabilities: true) == (try shop.batch(rules, allowed: (0..<60).map { $0 < 40 })))
    await #expect(throws: ServingError.noCandidates) {
      try await engine.recommend([ListRequest(.items(["item 1"]), only: ["unknown"])])
    }
    let unknown = try await engine.recommend([
      ListRequest(.items(["x", "item 1", "x", "y"]), excluded: ["z"], only: ["item 2", "w"])
    ])
    #expect(unknown[0].unknown == ["x", "y", "z", "w"] && unknown[0].list.items.count == 1)
    await engine.close()
  }

  @Test func eventsAreAnsweredFromAtOnceAndStandInTheStore() async throws {
    let engine = try shop.engine()
    let events = (0..<300).map { number in
      NewEvent(
        user: Identifier("user \(number % 140)"), item: Identifier("item \(number * 17 % 62)"),
        time: 1_700_000_000_000_000 + Int64(number % 9) * 70_000_000)
    }
    // Many callers at once; each that was answered finds the event.
    try await withThrowingTaskGroup { group in
      for part in stride(from: 0, to: 300, by: 3) {
        group.addTask { try await engine.append(Array(events[part..<part + 3])) }
      }
      try await group.waitForAll()
    }
    try await engine.append([NewEvent(user: "fresh", item: "item 3"), NewEvent(user: "fresh", item: "item 4")])
    #expect(engine.history(of: "fresh") == ["item 3", "item 4"])
    let names = (0..<140).map { Identifier("user \($0)") } + ["fresh"]
    let answers = try await engine.recommend(names.map { ListRequest(.user($0), top: 6) })
    #expect(answers.csv() == (try shop.batch(ListRules(top: 6), users: names)))
    let log = try InteractionStore.open(shop.store).log()
    for name in names {
      let user = try #require(log.users.index(of: name))
      #expect(engine.history(of: name) == log.history(of: UserID(user)).map { log.items[$0.index] })
    }
    #expect(try InteractionStore.open(shop.store).check().events == engine.logSize?.events)
    await engine.close()
  }

  @Test func aBadEventFailsItsCallAloneAndIsNotCounted() async throws {
    let counted = Mutex<[Int]>([])
    let engine = try shop.engine { _ in
    } observe: {
      if case .store(let report) = $0 { counted.withLock { $0.append(report.done) } }
    }
    let before = engine.logSize?.events
    let error = await #expect(throws: ServingError.self) {
      try await engine.append([
        NewEvent(user: "a", item: "item 1"), NewEvent(user: "a", item: "item 2", group: "basket"),
      ])
    }
    #expect("\(error!)" == "event 2: the events of the store have no group; leave it out")
    #expect(engine.logSize?.events == before && engine.history(of: "a") == nil)
    try await engine.append([NewEvent(user: "a", item: "item 1")])
    #expect(engine.history(of: "a") == ["item 1"])
    try await engine.reload()
    await engine.close()
    #expect(counted.withLock { $0 } == [0, 1, 0], "neither the refused events nor reading the store again")
    await #expect(throws: ServingError.stopped) { try await engine.append([NewEvent(user: "a", item: "item 1")]) }
  }

  @Test func modelsAreReplacedWithoutARequestThatFails() async throws {
    let engine = try shop.engine { $0.lists = QueueLimits(waiting: 100_000, batch: 32) }
    let request = ListRequest(.items(["item 5", "item 9"]), top: 60)
    var lists: [String: String] = [:]
    for seed in UInt64(1)...2 {
      try shop.write(seed: seed)
      let model = try await engine.reload()
      lists[model.hash] = try await engine.recommend([request]).csv()
    }
    #expect(Set(lists.values).count == 2)
    let known = lists
    let isOver = Flag()
    let askers = (0..<4).map { _ in
      Task {
        var count = 0
        while !isOver.isRaised {
          let answers = try await engine.recommend([request, request])
          #expect(answers.allSatisfy { known[$0.model.hash] == [$0].csv() } && answers[0].model === answers[1].model)
          count += answers.count
        }
        return count
      }
    }
    for round in 0..<20 {
      try shop.write(seed: UInt64(round % 2 + 1))
      _ = try await engine.reload()
    }
    isOver.raise()
    for asker in askers { #expect(try await asker.value > 0) }
    await engine.close()
  }

  @Test func aModelThatCannotAnswerDoesNotReplaceTheOneThatDoes() async throws {
    let engine = try shop.engine()
    let hash = engine.model.hash
    try Data("no weights".utf8).write(to: shop.model.appendingPathComponent("model.safetensors"))
    #expect(engine.model.isReplaced)
    await #expect(throws: ServingError.self) { try await engine.reload() }
    #expect(engine.model.hash == hash)
    #expect(try await engine.recommend([ListRequest(.items(["item 1"]))])[0].list.items.count == 10)
    try shop.write(seed: 1)
    #expect(try await engine.reload().hash == hash)
    #expect(!engine.model.isReplaced)
    await engine.close()
  }

  @Test func closingLosesNoRequest() async throws {
    let done = Atomic(0)
    let engine = try shop.engine {
      $0.lists = QueueLimits(waiting: 100_000, batch: 4)
    } observe: {
      if case .lists(let report) = $0 { done.add(report.jobs, ordering: .relaxed) }
    }
    let requests = (0..<400).map { ListRequest(.items([Identifier("item \($0 % 60)")]), top: 3) }
    let outcomes = await withTaskGroup(of: Int?.self) { group in
      for request in requests {
        group.addTask {
          do {
            return try await engine.recommend([request])[0].list.items.count
          } catch {
            // Refused at the door, never dropped behind it.
            #expect(error as? ServingError == .stopped)
            return nil
          }
        }
      }
      while done.load(ordering: .relaxed) < 20 { try? await Task.sleep(for: .milliseconds(1)) }
      await engine.close()
      return await group.reduce(into: []) { $0.append($1) }
    }
    let answered = outcomes.count { $0 == 3 }
    #expect(outcomes.count == 400 && outcomes.allSatisfy { $0 == nil || $0 == 3 } && answered >= 20)
  }

  @Test func similarItemsAndExplanationsAreThoseOfTheLibrary() async throws {
    let engine = try shop.engine()
    let model = engine.model.model
    let similar = try await engine.similar(to: ["item 3", "item 4"], top: 5, by: .cosine).lists
    #expect(
      similar == ItemSimilarity(model, .cosine).nearest(5, to: [ItemID(3), ItemID(4)], workers: model.workers))
    let names = (0..<5).map { Identifier("item \($0 * 9)") }
    let explained = try await engine.explain(nil, ListRequest(.items(names), excludesSeen: true))
    let recommender = TopKRecommender(model, items: engine.model.items, rules: ListRules(excludesSeen: true))
    let request = RecommendationRequest(history: (0..<5).map { ItemID($0 * 9) }[...])
    #expect(explained.explanation == recommender.explain(nil, request))
    await #expect(throws: ServingError.unknownItem("item 3x", suggestion: "item 3")) {
      try await engine.similar(to: ["item 3x"], top: 5, by: .cosine)
    }
    await engine.close()
  }
}

/// Raised once, looked at by many.
private final class Flag: Sendable {
  private let raised = Atomic(false)
  var isRaised: Bool { raised.load(ordering: .relaxed) }
  func raise() { raised.store(true, ordering: .relaxed) }
}
