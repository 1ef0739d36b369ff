import ClozeKit
import Foundation
import Testing
import TestSupport

/// A log of users who walk in rings of ten items, and a small model of it, made once.
struct Ring {
  let folder: URL
  let log: Log
  var model: URL { folder.appendingPathComponent("model") }

  static let shared = Task { try await Ring() }

  private init() async throws {
    folder = TestFolder.url.appendingPathComponent("ring-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let rows = (0..<80).flatMap { user in
      (0..<9).map { "person \(user),item \((user + $0) % 10 + user % 3 * 10),\(1_700_000_000 + $0)" }
    }
    let file = folder.appendingPathComponent("log.csv")
    try Data(("user,item,timestamp\n" + rows.joined(separator: "\n") + "\n").utf8).write(to: file)
    log = try Log(file)
    _ = try await Training(
      settings: [
        "model.hidden": "16", "model.layers": "1", "model.length": "12", "stages.0.epochs": "2",
      ]
    ).train(on: log, into: model)
  }
}

@Suite struct RecommenderTests {
  @Test func aListIsTheSameAloneAndAmongMany() async throws {
    let ring = try await Ring.shared.value
    let recommender = try Recommender(directory: ring.model)
    #expect(recommender.items.count == 30)
    let histories = ring.log.users.map { ring.log.history(of: $0)! }
    let together = try await recommender.recommend(histories: histories, top: 7, excludingSeen: true)
    await withTaskGroup(of: Bool.self) { group in
      for (history, list) in zip(histories, together) {
        group.addTask { recommender.recommend(history: history, top: 7, excluding: history) == list }
      }
      for await isSame in group { #expect(isSame) }
    }
    for (history, list) in zip(histories, together) {
      #expect(list.entries.count == 7 && list.source == .model && Set(history).isDisjoint(with: list.items))
    }
  }

  @Test func badHistoriesAreAnswered() async throws {
    let ring = try await Ring.shared.value
    let recommender = try Recommender(directory: ring.model, popularityFrom: ring.log)
    let unknown = recommender.recommend(history: ["mystery"], top: 3)
    #expect(unknown.source == .popular && unknown.unknownItems == ["mystery"] && unknown.entries.count == 3)
    #expect(recommender.recommend(history: ["item 1"], top: 1_000).entries.count == 30)
    #expect(recommender.recommend(history: ["item 1"], top: 0).entries.isEmpty)
    #expect(try Recommender(directory: ring.model).recommend(history: []).source == .prior)
  }

  @Test func similarItemsLeaveTheItemOut() async throws {
    let ring = try await Ring.shared.value
    let recommender = try Recommender(directory: ring.model)
    let near = try recommender.similarItems(to: "item 3", top: 50)
    #expect(near.count == 29 && !near.contains { $0.item == "item 3" })
    #expect(zip(near, near.dropFirst()).allSatisfy { $0.score >= $1.score })
    #expect(throws: ClozeError.unknownItem("mystery")) { try recommender.similarItems(to: "mystery") }
    #expect(
      ClozeError.unknownItem("mystery").description
        == "the model knows no item \"mystery\"; ids are those of the log it was trained on")
  }

  @Test func manyHistoriesCanBeCancelled() async throws {
    let ring = try await Ring.shared.value
    let recommender = try Recommender(directory: ring.model)
    let task = Task {
      try await recommender.recommend(histories: [[String]](repeating: ["item 1"], count: 100_000))
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func aCancelledTrainingGoesOnToTheSameModel() async throws {
    let ring = try await Ring.shared.value
    let settings: Training.Settings = ["model.hidden": "16", "model.length": "8", "stages.0.epochs": "4"]
    let cancelled = ring.folder.appendingPathComponent("cancelled")
    let whole = ring.folder.appendingPathComponent("whole")
    let task = Task { try await Training(settings: settings).train(on: ring.log, into: cancelled) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let resumed = try await Training(settings: settings, resumes: true).train(on: ring.log, into: cancelled)
    let straight = try await Training(settings: settings).train(on: ring.log, into: whole)
    #expect(resumed.epochs == straight.epochs && resumed.validation == straight.validation)
    let weights = try [cancelled, whole].map { try Data(contentsOf: $0.appendingPathComponent("model.safetensors")) }
    #expect(weights[0] == weights[1])
  }

  @Test func aTrainingLearnsFromWhatItemsAre() async throws {
    let ring = try await Ring.shared.value
    let items = ring.folder.appendingPathComponent("items.csv")
    let rows = (0..<30).map { "item \($0),ring \($0 / 10)" }
    try Data(("item_id,ring\n" + rows.joined(separator: "\n") + "\n").utf8).write(to: items)
    let settings: Training.Settings = [
      "model.hidden": "16", "model.layers": "1", "model.length": "12", "stages.0.epochs": "1",
      "model.features.columns": "[ring]",
    ]
    let model = ring.folder.appendingPathComponent("featured")
    _ = try await Training(settings: settings, items: items).train(on: ring.log, into: model)
    #expect(FileManager.default.fileExists(atPath: model.appendingPathComponent("item-features.json").path))
    await #expect(throws: ClozeError.self) {
      _ = try await Training(settings: settings).train(on: ring.log, into: model)
    }
  }

  @Test func missingThingsAreSaid() async throws {
    #expect(throws: ClozeError.self) { try Recommender(directory: URL(fileURLWithPath: "/nowhere/model")) }
    #expect(throws: ClozeError.log("/nowhere/log.csv does not exist; check the path")) {
      try Log(URL(fileURLWithPath: "/nowhere/log.csv"))
    }
    let ring = try await Ring.shared.value
    await #expect(throws: ClozeError.self) {
      _ = try await Training(settings: ["model.hiden": "8"]).train(on: ring.log, into: ring.model)
    }
  }

  @Test func aStoreGivesTheLogThatWasImported() async throws {
    let ring = try await Ring.shared.value
    let store = try Store(ring.folder.appendingPathComponent("shop.sqlite"), create: true)
    #expect(try store.importLog(ring.folder.appendingPathComponent("log.csv")) == 720)
    let log = try store.log()
    #expect(log.users == ring.log.users && log.items == ring.log.items && log.count == 720)
    #expect(log.history(of: "person 3") == ring.log.history(of: "person 3"))
    #expect(log.history(of: "nobody") == nil)
  }
}

@Suite struct CandidateRulesTests {
  @Test func listsHoldOnlyCandidatesAndAtMostSoManyOfAGroup() async throws {
    let ring = try await Ring.shared.value
    let recommender = try Recommender(directory: ring.model)
    let some = (0..<12).map { "item \($0)" }
    let rules = CandidateRules(
      only: some, excluded: ["item 3"], groups: some.map { ($0, $0.hasSuffix("1") ? "odd" : "rest") }, mostPerGroup: 4)
    let list = try recommender.with(rules).recommend(history: ["item 1"], top: 30, probabilities: true)
    #expect(list.entries.count == 6 && !list.items.contains("item 3") && Set(list.items).isSubset(of: some))
    #expect(list.items.filter { $0.hasSuffix("1") }.count == 2)
    let all = try recommender.with(CandidateRules(only: some)).recommend(
      history: ["item 1"], top: 30, probabilities: true)
    #expect(abs(all.entries.reduce(0) { $0 + $1.probability! } - 1) < 1e-5)
    #expect(recommender.recommend(history: ["item 1"]).entries.allSatisfy { $0.probability == nil })
  }

  @Test func unknownItemsAreRefusedUnlessAllowed() async throws {
    let ring = try await Ring.shared.value
    let recommender = try Recommender(directory: ring.model)
    for rules in [CandidateRules(only: ["x"]), CandidateRules(excluded: ["x"])] {
      #expect(throws: (any Error).self) { try recommender.with(rules) }
    }
    #expect(throws: ClozeError.unknownItem("x")) { try recommender.with(CandidateRules(excluded: ["x"])) }
    let list = try recommender.with(CandidateRules(excluded: ["x"], allowsUnknownItems: true)).recommend(history: [])
    #expect(list == recommender.recommend(history: []))
  }
}

@Suite struct BatchTests {
  @Test func aFileHasTheListsOfSingleCalls() async throws {
    let ring = try await Ring.shared.value
    let recommender = try Recommender(directory: ring.model, popularityFrom: ring.log)
    var batch = Recommender.Batch()
    batch.users = ["person 7", "stranger", "person 2"]
    batch.top = 3
    batch.excludingSeen = true
    batch.excludedPairs = [("person 2", "item 29")]
    let file = ring.folder.appendingPathComponent("lists-\(UUID().uuidString).csv")
    let summary = try await recommender.recommend(batch, usersOf: ring.log, to: .file(file))
    #expect(summary.users == 3 && summary.rows == 9 && summary.usersWithPopularItems == 1)
    var expected = "user,rank,item,score,source\n"
    for user in batch.users! {
      let history = ring.log.history(of: user) ?? []
      let list = recommender.recommend(
        history: history, top: 3, excluding: history + (user == "person 2" ? ["item 29"] : []))
      for (place, entry) in list.entries.enumerated() {
        expected += "\(user),\(place + 1),\(entry.item),\(entry.score),\(list.source.rawValue)\n"
      }
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == expected)
  }

  @Test func aTableIsWrittenAndWhatIsInTheWayIsSaid() async throws {
    let ring = try await Ring.shared.value
    let recommender = try Recommender(directory: ring.model)
    let store = try Store(ring.folder.appendingPathComponent("lists-\(UUID().uuidString).sqlite"), create: true)
    let summary = try await recommender.recommend(usersOf: ring.log, to: .table("next", in: store))
    #expect(summary.users == 80 && summary.rows == 800 && summary.unknownItems.isEmpty)
    await #expect(throws: ClozeError.self) {
      try await recommender.recommend(usersOf: ring.log, to: .table("events", in: store))
    }
    await #expect(throws: ClozeError.request("/nowhere/a.txt: expected a name that ends in .csv or .jsonl")) {
      try await recommender.recommend(usersOf: ring.log, to: .file(URL(fileURLWithPath: "/nowhere/a.txt")))
    }
  }

  @Test func aCancelledRunWritesNothing() async throws {
    let ring = try await Ring.shared.value
    let recommender = try Recommender(directory: ring.model)
    let file = ring.folder.appendingPathComponent("cancelled-\(UUID().uuidString).csv")
    let task = Task {
      try? await Task.sleep(for: .seconds(3_600))
      try await recommender.recommend(usersOf: ring.log, to: .file(file))
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(!FileManager.default.fileExists(atPath: file.path))
  }
}

@Suite struct ExampleTests {
  @Test func theExampleRuns() async throws {
    let ring = try await Ring.shared.value
    let directory = ring.folder.appendingPathComponent("example")
    try await example(log: ring.folder.appendingPathComponent("log.csv"), model: directory)
    #expect(try Recommender(directory: directory).items.count == 30)
  }

  @Test func theLongerExampleRuns() async throws {
    let ring = try await Ring.shared.value
    let directory = ring.folder.appendingPathComponent("trained-example")
    try await trainAndEvaluate(log: ring.folder.appendingPathComponent("log.csv"), model: directory)
    #expect(try Recommender(directory: directory).items.count == 30)
  }

  @Test(arguments: [
    ("Example", "ClozeKit"), ("TrainingExample", "TrainingAndEvaluating"), ("LabelExample", "Labeling"),
  ])
  func theDocumentationShowsTheExample(file: String, page: String) throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let example = try String(contentsOf: tests.appendingPathComponent("\(file).swift"), encoding: .utf8)
    let page = try String(
      contentsOf: tests.appendingPathComponent("../../Sources/ClozeKit/ClozeKit.docc/\(page).md"), encoding: .utf8)
    #expect(page.contains("```swift\n\(example)```"))
  }

  @Test func aServiceGivesTheListsOfTheLibrary() async throws {
    let ring = try await Ring.shared.value
    let service = try RecommendationService(directory: ring.model, log: ring.folder.appendingPathComponent("log.csv"))
    let recommender = try Recommender(directory: ring.model, popularityFrom: ring.log)
    let histories = ring.log.users.map { ring.log.history(of: $0)! }
    let expected = try await recommender.recommend(histories: histories, top: 7, excludingSeen: true)
    let requests = ring.log.users.map { user in
      var request = RecommendationService.Request(.user(user))
      (request.top, request.excludingSeen) = (7, true)
      return request
    }
    #expect(try await service.recommend(requests) == expected)
    #expect(try await service.similarItems(to: "item 3", top: 4) == recommender.similarItems(to: "item 3", top: 4))
    // The same histories again are found, in the model that answers.
    #expect(try await service.recommend(requests) == expected)
    #expect(try #require(service.sessionCache).identical >= requests.count)
    try await service.reload()
    #expect(service.sessionCache?.identical == 0)
    await #expect(throws: RecommendationService.Refusal.self) { try await service.addEvent(user: "a", item: "item 1") }
    await service.close()
    let refusal = await #expect(throws: RecommendationService.Refusal.self) { try await service.recommend(requests) }
    #expect(refusal?.description == "the service is stopping and takes no more requests; ask another one")
  }

  @Test func entriesOfAServiceHaveTitles() async throws {
    let ring = try await Ring.shared.value
    let file = ring.folder.appendingPathComponent("titles-\(UUID().uuidString).csv")
    try Data("item,title\nitem 3,Three\nitem 4,\"Four, red\"\n".utf8).write(to: file)
    var options = RecommendationService.Options()
    (options.itemsFrom, options.sessionCacheBytes) = (file, 0)
    let service = try RecommendationService(directory: ring.model, options: options)
    var request = RecommendationService.Request(.items(["item 2"]))
    request.top = 1_000
    let titles = try await service.recommend([request])[0].entries.reduce(into: [String: String]()) {
      $0[$1.item] = $1.title
    }
    #expect(titles == ["item 3": "Three", "item 4": "Four, red"] && service.sessionCache == nil)
    #expect(try await service.similarItems(to: "item 3", top: 1_000).contains { $0.title == "Four, red" })
    await service.close()
    options.itemsFrom = ring.folder.appendingPathComponent("missing.csv")
    #expect(throws: ClozeError.self) { try RecommendationService(directory: ring.model, options: options) }
  }
}
