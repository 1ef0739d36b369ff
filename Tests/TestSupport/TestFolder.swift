import Foundation

/// Where tests write: a folder of this process, which takes it away when it ends, whatever a test has left in it.
package enum TestFolder {
  package static let url: URL = {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "cloze-tests-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      fatalError("tests have no folder to write to: \(error)")
    }
    atexit { try? FileManager.default.removeItem(at: TestFolder.url) }
    return url
  }()
}
