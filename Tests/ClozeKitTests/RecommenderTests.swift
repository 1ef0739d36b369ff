import ClozeKit
import Foundation
import Testing
import TestSupport

/// A log of people who walk in rings of ten items, and a small model of it, made once.
struct Ring {
  let folder: URL
  let log: Log
  var model: URL { folder.appendingPathComponent("model") }

  static let shared = Task { try await Ring() }

  private init() async throws {
    folder = TestFolder.url.appendingPathComponent("ring-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let rows = (0..<80).flatMap { user in
      (0..<9).map { "person \(user),item \((user + $0) % 10 + user % 3 * 10),\($0)" }
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
    let settings = ["model.hidden": "16", "model.length": "8", "stages.0.epochs": "4"]
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

@Suite struct ExampleTests {
  @Test func theExampleRuns() async throws {
    let ring = try await Ring.shared.value
    let directory = ring.folder.appendingPathComponent("example")
    try await example(log: ring.folder.appendingPathComponent("log.csv"), model: directory)
    #expect(try Recommender(directory: directory).items.count == 30)
  }

  @Test func theDocumentationShowsTheExample() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let example = try String(contentsOf: tests.appendingPathComponent("Example.swift"), encoding: .utf8)
    let page = try String(
      contentsOf: tests.appendingPathComponent("../../Sources/ClozeKit/ClozeKit.docc/ClozeKit.md"), encoding: .utf8)
    #expect(page.contains("```swift\n\(example)```"))
  }
}
