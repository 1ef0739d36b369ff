import Foundation
import TestSupport

/// A folder for one test, with a store that may be made in it.
struct StoreFolder {
  let url = TestFolder.url.appendingPathComponent("cloze-store-\(UUID().uuidString)")
  var store: URL { url.appendingPathComponent("shop.sqlite") }

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  /// Writes a log and says where it is.
  func file(_ name: String, _ text: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  /// The error that `work` ends with, with `DIR` for the folder.
  func failure(_ work: () throws -> Void) -> String {
    do {
      try work()
      return "no error"
    } catch {
      return "\(error)".replacingOccurrences(of: url.path, with: "DIR")
    }
  }
}
