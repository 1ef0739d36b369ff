import Foundation
import GRDB

/// SQLite files that are only looked at.
enum SQLiteFile {
  /// Whether the file at `path` begins as SQLite databases do; a pipe, whose bytes can be read only once, does not.
  static func isDatabase(_ path: String) -> Bool {
    let kind = try? FileManager.default.attributesOfItem(
      atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)[.type]
    guard kind as? FileAttributeType == .typeRegular else { return false }
    guard let file = FileHandle(forReadingAtPath: path), let head = try? file.read(upToCount: 16) else { return false }
    return head == Data("SQLite format 3\0".utf8)
  }

  /// A connection that cannot change the database.
  static func openReadOnly(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    return try DatabaseQueue(path: path, configuration: configuration)
  }
}
