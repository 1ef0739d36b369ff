import Foundation
import GRDB
import Interactions

/// Wherever a log comes from: a store, a table of another SQLite database, a text file, standard input.
package enum LogSource {
  /// A log in memory and what it is.
  package struct Loaded: Sendable {
    package let log: InteractionLog
    /// `log.fingerprint`: the same for a file and the store it was imported into.
    package let fingerprint: String
    /// What reading said; nil for a store, whose imports have their own reports.
    package let report: LogReport?
  }

  /// Loads the log at `path`, whatever it is.
  ///
  /// - Throws: `LogError` or `StoreError`.
  package static func load(
    _ path: String, options: ReadingOptions = .init(), _ follow: (ReadingProgress) throws -> Void = { _ in }
  ) throws -> Loaded {
    if InteractionStore.isStore(path), options.table == nil {
      let log = try InteractionStore.open(URL(fileURLWithPath: path)).log()
      return Loaded(log: log, fingerprint: log.fingerprint, report: nil)
    }
    return try read(path, options: options) { reader in
      let (log, report) = try reader.readLog(maximumBadShare: options.maximumBadShare, follow)
      return Loaded(log: log, fingerprint: log.fingerprint, report: report)
    }
  }

  /// Reads the whole log at `path` without keeping its events, and reports on it.
  ///
  /// - Throws: `LogError` or `StoreError`.
  package static func check(
    _ path: String, options: ReadingOptions = .init(), _ follow: (ReadingProgress) throws -> Void = { _ in }
  ) throws -> LogReport {
    try read(path, options: options) { reader in try reader.readAll { _, progress in try follow(progress) } }
  }

  /// Hands a reader of the log at `path` to `body`; its ids are numbered after those of `identifiers`.
  static func read<Result>(
    _ path: String, options: ReadingOptions, identifiers: KnownIdentifiers = .init(),
    _ body: (inout any EventReader) throws -> Result
  ) throws -> Result {
    guard options.table != nil || options.format == .sqlite || SQLiteFile.isDatabase(path) else {
      var reader: any EventReader = try LogReader(path, options: options, identifiers: identifiers)
      return try body(&reader)
    }
    guard FileManager.default.fileExists(atPath: path) else { throw LogError.missing(file: path) }
    do {
      return try SQLiteFile.openReadOnly(path).read { db in
        var reader: any EventReader = try TableReader(db, path: path, options: options, identifiers: identifiers)
        return try body(&reader)
      }
    } catch let error as DatabaseError {
      throw StoreError(error, path: path)
    }
  }
}
