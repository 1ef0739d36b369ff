import Foundation
import GRDB

/// SQLite files that are only looked at.
enum SQLiteFile {
  /// Whether the file at `path` begins as SQLite databases do; a pipe, whose bytes can be read only once, does not.
  static func isDatabase(_ path: String) -> Bool { applicationID(of: path) != nil }

  /// What marks the file as the file of a program; nil where it is no SQLite database.
  ///
  /// Read from the file itself, as it stands there also while a change of the database is under way or was cut short.
  static func applicationID(of path: String) -> Int32? {
    let kind = try? FileManager.default.attributesOfItem(
      atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)[.type]
    guard kind as? FileAttributeType == .typeRegular, let file = FileHandle(forReadingAtPath: path),
      let head = try? file.read(upToCount: 100), head.count >= 16, head.prefix(16) == Data("SQLite format 3\0".utf8)
    else { return nil }
    return head.dropFirst(68).prefix(4).reduce(0) { $0 << 8 | Int32($1) }
  }

  /// A connection that does not change the database, beyond undoing what a killed process left half-written in it.
  static func openReadOnly(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.readonly = true
    do {
      let database = try DatabaseQueue(path: path, configuration: configuration)
      _ = try database.read { try Row.fetchOne($0, sql: "PRAGMA schema_version") }
      return database
    } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
      configuration.readonly = false
      let database = try DatabaseQueue(path: path, configuration: configuration)
      _ = try database.read { try Row.fetchOne($0, sql: "PRAGMA schema_version") }
      return database
    }
  }
}
