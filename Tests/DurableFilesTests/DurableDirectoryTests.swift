import DurableFiles
import Foundation
import Testing
import TestSupport

@Suite struct DurableDirectoryTests {
  let folder = TestFolder.url.appendingPathComponent("durable-\(UUID().uuidString)")
  var model: URL { folder.appendingPathComponent("model") }

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  @Test func replacesAllItsFilesAtOnceAndKeepsStrangersFiles() throws {
    try DurableDirectory.replace(model) { try DurableFile.write("1", to: $0.appendingPathComponent("weights")) }
    try DurableFile.write("mine", to: model.appendingPathComponent("notes.txt"))
    try DurableDirectory.replace(model) { try DurableFile.write("2", to: $0.appendingPathComponent("weights")) }
    #expect(try String(contentsOf: model.appendingPathComponent("weights"), encoding: .utf8) == "2")
    #expect(try String(contentsOf: model.appendingPathComponent("notes.txt"), encoding: .utf8) == "mine")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model"])
  }

  @Test func aFailureLeavesWhatStoodThere() throws {
    try DurableDirectory.replace(model) { try DurableFile.write("1", to: $0.appendingPathComponent("weights")) }
    #expect(throws: CancellationError.self) {
      try DurableDirectory.replace(model) {
        try DurableFile.write("2", to: $0.appendingPathComponent("weights"))
        throw CancellationError()
      }
    }
    #expect(try String(contentsOf: model.appendingPathComponent("weights"), encoding: .utf8) == "1")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model"])
  }

  /// No process has a number that large; the first one is always there.
  @Test func whatTheKilledLeftHalfFilledIsClearedAway() throws {
    for name in [".model.99999999.partial", ".model.1.partial", ".model.mine.partial", ".other.99999999.partial"] {
      let half = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: half, withIntermediateDirectories: false)
      try DurableFile.write("half", to: half.appendingPathComponent("weights"))
    }
    try DurableDirectory.replace(model) { try DurableFile.write("1", to: $0.appendingPathComponent("weights")) }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == [".model.1.partial", ".model.mine.partial", ".other.99999999.partial", "model"])
  }

  @Test func freeRoomIsThatOfTheDisk() throws {
    let free = try #require(DurableDirectory.freeBytes(for: model))
    #expect(free > 0)
    #expect(DurableDirectory.freeBytes(for: URL(fileURLWithPath: "/nowhere/else/model")) == nil)
  }
}
