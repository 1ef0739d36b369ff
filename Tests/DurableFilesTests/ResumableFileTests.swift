import DurableFiles
import Foundation
import Testing
import TestSupport

@Suite struct ResumableFileTests {
  let url = TestFolder.url.appendingPathComponent("growing-\(UUID().uuidString).csv")

  private func text() -> String? { try? String(contentsOf: url, encoding: .utf8) }

  @Test func nothingStandsThereBeforeTheEnd() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let file = try ResumableFile(url, request: "a", resuming: false)
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
    try ResumableFile(url, request: "a", resuming: true).append(Data("one\n".utf8), done: 1)
    let growing = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).growing")
    let torn = try FileHandle(forWritingTo: growing)
    try torn.seekToEnd()
    try torn.write(contentsOf: Data("tw".utf8))
    let file = try ResumableFile(url, request: "a", resuming: true)
    #expect(file.done == 1)
    try file.append(Data("two\n".utf8), done: 2)
    try file.finish()
    #expect(text() == "one\ntwo\n")
  }

  /// A changed byte of what was written so far, or another number of what was done, would repeat or lose users.
  @Test(arguments: ["growing", "journal"]) func whatWasDamagedIsNotResumed(part: String) throws {
    defer { try? FileManager.default.removeItem(at: url) }
    try ResumableFile(url, request: "a", resuming: false).append(Data("one\n".utf8), done: 3)
    let file = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).\(part)")
    let before = try Data(contentsOf: file)
    let text = String(decoding: before, as: UTF8.self)
    let changed =
      part == "growing" ? text.replacing("one", with: "ony") : text.replacing("\"done\":3", with: "\"done\":2")
    #expect(changed != text)
    try Data(changed.utf8).write(to: file)
    #expect(throws: ResumableFileError.damaged(path: url.path)) {
      _ = try ResumableFile(url, request: "a", resuming: true)
    }
    try before.write(to: file)
    let resumed = try ResumableFile(url, request: "a", resuming: true)
    #expect(resumed.done == 3)
    try resumed.append(Data("two\n".utf8), done: 4)
    try resumed.finish()
    #expect(self.text() == "one\ntwo\n")
  }

  @Test func anotherRequestIsRefusedAndBeginsAnewWhenRequested() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    try ResumableFile(url, request: "a", resuming: false).append(Data("one\n".utf8), done: 1)
    #expect(throws: ResumableFileError.otherRequest(path: url.path)) {
      _ = try ResumableFile(url, request: "b", resuming: true)
    }
    #expect(
      ResumableFileError.otherRequest(path: "a.csv").description
        == "cannot resume a.csv: it was begun with another model, log or options; begin anew without --resume")
    let file = try ResumableFile(url, request: "b", resuming: false)
    #expect(file.done == 0)
    try file.finish()
    #expect(text() == "")
  }

  @Test func whatIsDiscardedLeavesNothing() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    try Data("before\n".utf8).write(to: url)
    let file = try ResumableFile(url, request: "a", resuming: false)
    try file.append(Data("one\n".utf8), done: 1)
    file.discard()
    #expect(text() == "before\n")
    let names = try FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)
    #expect(!names.contains { $0.hasPrefix(".\(url.lastPathComponent)") })
  }

  /// Two steps of a file that is begun anew must not be resumed by the journal of the request before.
  @Test func aJournalIsThatOfItsOwnBytes() throws {
    try ResumableFile(url, request: "a", resuming: false).append(Data("one\n".utf8), done: 1)
    _ = try ResumableFile(url, request: "b", resuming: false)
    let growing = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).growing")
    try Data("bytes of b".utf8).write(to: growing)
    let file = try ResumableFile(url, request: "a", resuming: true)
    defer { file.discard() }
    #expect(file.done == 0)
  }

  /// The lock of a file that has become the result meanwhile is not that of the next one: the result stays.
  @Test func aFinishedFileIsNotEmptiedByTheNext() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let first = try ResumableFile(url, request: "a", resuming: false)
    try first.append(Data("one\n".utf8), done: 1)
    try first.finish()
    let second = try ResumableFile(url, request: "a", resuming: false)
    #expect(text() == "one\n")
    second.discard()
    #expect(text() == "one\n")
  }

  /// A hidden file that is another one's second name, or that leads elsewhere, is not written through.
  @Test func linksBesideAreNotFollowed() throws {
    let victim = url.deletingLastPathComponent().appendingPathComponent("victim-\(UUID().uuidString)")
    try Data("mine\n".utf8).write(to: victim)
    let growing = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).growing")
    #expect(link(victim.path, growing.path) == 0)
    #expect(throws: ResumableFileError.self) { _ = try ResumableFile(url, request: "a", resuming: true) }
    let file = try ResumableFile(url, request: "a", resuming: false)
    try file.append(Data("one\n".utf8), done: 1)
    file.discard()
    try FileManager.default.createSymbolicLink(at: growing, withDestinationURL: victim)
    #expect(throws: ResumableFileError.self) { _ = try ResumableFile(url, request: "a", resuming: false) }
    #expect(try String(contentsOf: victim, encoding: .utf8) == "mine\n")
    try FileManager.default.removeItem(at: growing)
  }

  /// A journal that lost bytes begins anew instead of filling the gap with zeros.
  @Test func bytesThatAreGoneAreNotGoneOnWith() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    try ResumableFile(url, request: "a", resuming: false).append(Data("one\n".utf8), done: 1)
    let growing = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).growing")
    try FileManager.default.removeItem(at: growing)
    let file = try ResumableFile(url, request: "a", resuming: true)
    #expect(file.done == 0)
    try file.append(Data("two\n".utf8), done: 1)
    try file.finish()
    #expect(text() == "two\n")
  }

  @Test func oneFileHasOneWriter() throws {
    let file = try ResumableFile(url, request: "a", resuming: false)
    defer { file.discard() }
    #expect(throws: ResumableFileError.busy(path: url.path)) {
      _ = try ResumableFile(url, request: "a", resuming: true)
    }
    #expect(
      ResumableFileError.busy(path: "a.csv").description
        == "another process is writing a.csv; wait for it to end, or name another file")
  }
}
