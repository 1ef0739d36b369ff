import DurableFiles
import Foundation
import Testing
import TestSupport

@Suite struct FileLockTests {
  let store = TestFolder.url.appendingPathComponent("lock-\(UUID().uuidString).sqlite")

  private var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: store.deletingLastPathComponent().path).filter {
        $0.hasPrefix(".\(store.lastPathComponent).")
      }
    }
  }

  @Test func oneHoldsItUntilItIsReleased() throws {
    var lock = try FileLock(beside: store, "../best of/\u{0}")
    #expect(lock != nil)
    #expect(try FileLock(beside: store, "../best of/\u{0}") == nil)
    #expect(try FileLock(beside: store, "../best of-\u{0}") != nil)
    #expect(try names.count == 1)
    lock = nil
    #expect(try names.isEmpty)
    #expect(try FileLock(beside: store, "../best of/\u{0}") != nil)
  }

  /// The file of a process that is gone is no lock.
  @Test func aFileThatWasLeftIsTaken() throws {
    let lock = try FileLock(beside: store, "best")
    let name = try #require(try names.first)
    _ = consume lock
    let path = store.deletingLastPathComponent().appendingPathComponent(name)
    try Data().write(to: path)
    #expect(try FileLock(beside: store, "best") != nil)
    #expect(try names.isEmpty)
  }
}
