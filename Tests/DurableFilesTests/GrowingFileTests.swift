import DurableFiles
import Foundation
import Testing
import TestSupport

@Suite struct GrowingFileTests {
  let url = TestFolder.url.appendingPathComponent("growing-\(UUID().uuidString).csv")

  private func text() -> String? { try? String(contentsOf: url, encoding: .utf8) }

  @Test func nothingStandsThereBeforeTheEnd() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let file = try GrowingFile(url, request: "a", resuming: false)
    try file.append(Data("one\n".utf8), done: 1)
    try file.append(Data("two\n".utf8), done: 2)
    #expect(text() == nil)
    try file.finish()
    #expect(text() == "one\ntwo\n")
    let names = try FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)
    #expect(!names.contains { $0.hasPrefix(".\(url.lastPathComponent)") })
  }

  /// Bytes that the journal does not know of, as a kill between two writes leaves them, are written again.
  @Test func whatWasKilledGoesOnWithoutRepeatingOrLosing() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    try GrowingFile(url, request: "a", resuming: true).append(Data("one\n".utf8), done: 1)
    let growing = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).growing")
    let torn = try FileHandle(forWritingTo: growing)
    try torn.seekToEnd()
    try torn.write(contentsOf: Data("tw".utf8))
    let file = try GrowingFile(url, request: "a", resuming: true)
    #expect(file.done == 1)
    try file.append(Data("two\n".utf8), done: 2)
    try file.finish()
    #expect(text() == "one\ntwo\n")
  }

  @Test func anotherRequestIsRefusedAndBeginsAnewWhenAsked() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    try GrowingFile(url, request: "a", resuming: false).append(Data("one\n".utf8), done: 1)
    #expect(throws: GrowingFileError.otherRequest(path: url.path)) {
      _ = try GrowingFile(url, request: "b", resuming: true)
    }
    #expect(
      GrowingFileError.otherRequest(path: "a.csv").description
        == "cannot go on with a.csv: it was begun with another model, log or options; begin anew without --resume")
    let file = try GrowingFile(url, request: "b", resuming: false)
    #expect(file.done == 0)
    try file.finish()
    #expect(text() == "")
  }

  @Test func whatIsDiscardedLeavesNothing() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    try Data("before\n".utf8).write(to: url)
    let file = try GrowingFile(url, request: "a", resuming: false)
    try file.append(Data("one\n".utf8), done: 1)
    file.discard()
    #expect(text() == "before\n")
    let names = try FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)
    #expect(!names.contains { $0.hasPrefix(".\(url.lastPathComponent)") })
  }

  /// A journal whose bytes somebody took away begins anew instead of filling the gap with zeros.
  @Test func bytesThatAreGoneAreNotGoneOnWith() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    try GrowingFile(url, request: "a", resuming: false).append(Data("one\n".utf8), done: 1)
    let growing = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).growing")
    try FileManager.default.removeItem(at: growing)
    let file = try GrowingFile(url, request: "a", resuming: true)
    #expect(file.done == 0)
    try file.append(Data("two\n".utf8), done: 1)
    try file.finish()
    #expect(text() == "two\n")
  }

  @Test func oneFileHasOneWriter() throws {
    let file = try GrowingFile(url, request: "a", resuming: false)
    defer { file.discard() }
    #expect(throws: GrowingFileError.busy(path: url.path)) {
      _ = try GrowingFile(url, request: "a", resuming: true)
    }
    #expect(
      GrowingFileError.busy(path: "a.csv").description
        == "another process is writing a.csv; wait for it to end, or name another file")
  }
}
