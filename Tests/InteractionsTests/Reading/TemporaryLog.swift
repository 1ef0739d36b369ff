import Foundation
import Interactions
import TestSupport

/// A log file of its own for one test.
struct TemporaryLog {
  let path: String

  init(_ text: String, name: String = "log.csv") throws { try self.init(Data(text.utf8), name: name) }

  init(_ data: Data, name: String = "log.csv") throws {
    let folder = TestFolder.url.appendingPathComponent("cloze-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent(name)
    try data.write(to: file)
    path = file.path
  }

  /// The whole log and the report on it; any share of bad rows is allowed.
  func read(_ options: ReadingOptions = .init()) throws -> (log: InteractionLog, report: ReadingSummary) {
    var reader = try LogReader(path, options: options)
    return try reader.readLog(maximumBadShare: 1)
  }

  /// The error that reading the log ends with.
  func failure(_ options: ReadingOptions = .init()) -> String {
    do {
      var reader = try LogReader(path, options: options)
      _ = try reader.readLog(maximumBadShare: options.maximumBadShare)
      return "no error"
    } catch {
      return "\(error)".replacingOccurrences(of: path, with: "LOG")
    }
  }
}

extension InteractionLog {
  /// Everybody's history in external ids, `user: item item`, for comparing at a glance.
  var text: [String] {
    (0..<userCount).map { user in
      "\(users[user]): " + history(of: UserID(user)).map { items[$0.index].text }.joined(separator: " ")
    }
  }
}
