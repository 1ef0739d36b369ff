import Foundation
import Interactions
import Recommending
import TestSupport
import Testing

@Suite struct ShardTests {
  let folder: URL
  let whole: String

  init() throws {
    folder = TestFolder.url.appendingPathComponent("shards-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("weights".utf8).write(to: folder.appendingPathComponent("model.safetensors"))
    var users: any UserSource = Self.users
    let file = folder.appendingPathComponent("whole.csv")
    let sink = try RecommendationDestination.file(file, .csv)
      .open(RunIdentity(), probabilities: true, resuming: false)
    _ = try Self.batch.run(&users, into: sink)
    whole = try String(contentsOf: file, encoding: .utf8)
  }

  private static let users = GivenHistories(
    (0..<50).map { user in (0..<user % 7).map { Identifier("item \(($0 * 5 + user) % 30)") } },
    catalog: TopKRecommenderTests.items)

  private static let batch = BatchRun(TopKRecommenderTests.recommender(rules: ListRules(top: 2)))

  /// Writes the rows and the manifest of one shard.
  private func write(_ shard: Shard, _ name: String? = nil, batch: BatchRun = Self.batch) throws -> URL {
    let file = folder.appendingPathComponent(name ?? "\(shard.number) of \(shard.count).csv")
    let identity = batch.identity(model: folder, users: Self.users)
    var users: any UserSource = try ShardedUsers(Self.users, shard: shard)
    let sink = try RecommendationDestination.file(file, .csv)
      .open(identity.adding(shard), probabilities: true, resuming: false)
    _ = try batch.run(&users, into: sink)
    let run = try identity.independentOfMachine(model: folder, program: "cloze 1")
    try ShardManifest(of: file, shard: shard, run: run).write(beside: file)
    return file
  }

  private func merge(_ files: [URL]) throws -> String {
    let merged = folder.appendingPathComponent("merged.csv")
    try ShardMerge(files).write(to: merged)
    return try String(contentsOf: merged, encoding: .utf8)
  }

  @Test func shardsAreConsecutiveAndEven() {
    for (total, count) in [(0, 3), (1, 4), (10, 3), (1_500, 7), (5, 5)] {
      let ranges = (1...count).map { Shard($0, of: count).range(of: total) }
      #expect(ranges.first?.lowerBound == 0 && ranges.last?.upperBound == total)
      #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
      #expect(ranges.allSatisfy { $0.count == total / count || $0.count == total / count + 1 })
    }
    #expect(Shard("3/16") == Shard(3, of: 16))
    for text in ["0/4", "5/4", "3", "3/", "a/b", "1/2/3", "-1/2"] { #expect(Shard(text) == nil, "\(text)") }
  }

  /// Uneven parts, and parts without users.
  @Test(arguments: [3, 60])
  func theJoinedPartsAreTheWholeRun(count: Int) throws {
    let files = try (1...count).map { try write(Shard($0, of: count)) }
    #expect(try merge(files.reversed()) == whole)
  }

  @Test func aPartMissingTwiceUnfinishedOrChangedIsRefused() throws {
    let files = try (1...3).map { try write(Shard($0, of: 3)) }
    #expect(throws: ShardError.missing([2], of: 3)) { try merge([files[0], files[2]]) }
    #expect(ShardError.missing([2, 5], of: 8).description == "shards 2, 5 of 8 are missing; name all 8 files")
    let twin = try write(Shard(2, of: 3), "twin.csv")
    #expect(throws: ShardError.twice(Shard(2, of: 3), files[1].path, twin.path)) { try merge(files + [twin]) }
    try FileManager.default.removeItem(at: ShardManifest.url(of: twin))
    #expect(throws: ShardError.unfinished(part: twin.path)) { try merge([files[0], twin, files[2]]) }
    let rows = try String(contentsOf: files[2], encoding: .utf8)
    try Data((rows.dropLast(2) + "x\n").utf8).write(to: files[2])
    #expect(throws: ShardError.changed(part: files[2].path)) { try merge(files) }
    #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("merged.csv").path))
  }

  @Test func aPartOfAnotherRunIsRefusedWithWhatDiffers() throws {
    let file = try write(Shard(1, of: 2))
    var other = Self.batch
    other.recommender.rules.top = 3
    let top = try write(Shard(2, of: 2), "top.csv", batch: other)
    #expect(throws: ShardError.foreign(top.path, file.path, what: "top", "3", "2")) { try merge([file, top]) }
    try Data("other weights".utf8).write(to: folder.appendingPathComponent("model.safetensors"))
    let model = try write(Shard(2, of: 2), "model.csv")
    let error = try #require(throws: ShardError.self) { try merge([file, model]) }
    #expect(error.description.hasPrefix("\(model.path) is of another run than \(file.path): model is "))
  }

  @Test func aStreamHasNoShards() throws {
    let lines = folder.appendingPathComponent("lines.jsonl")
    try Data(#"{"user": "a", "items": []}"#.utf8).write(to: lines)
    let stream = try StreamedHistories(lines.path, catalog: TopKRecommenderTests.items, allowsUnknown: false)
    #expect(throws: ShardError.uncounted) { try ShardedUsers(stream, shard: Shard(1, of: 2)) }
  }
}
