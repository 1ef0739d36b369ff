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
    /// What reading said: one report for a file, one per import for a store.
    package let reports: [ReadingSummary]
    package let isStore: Bool
    /// How it was read and prepared.
    package let settings: LogSettings
    /// What the preparation left out; nil where nothing was requested.
    package let leftOut: PreparationSummary?
    /// nil where the log is no join of folds.
    package var folds: OwnFolds?

    /// What records and models keep of all this.
    package var provenance: LogProvenance {
      LogProvenance(
        of: log, settings: settings, imports: isStore ? reports.count : nil, reports: reports, leftOut: leftOut)
    }
  }

  /// Loads the log at `path`, whatever it is.
  ///
  /// - Throws: `LogError` or `StoreError`.
  package static func load(
    _ path: String, options: ReadingOptions = .init(), _ follow: (ReadingProgress) throws -> Void = { _ in }
  ) throws -> Loaded {
    try load(path, LogSettings(reading: options), follow)
  }

  /// Loads the log at `path`, whatever it is, and prepares it.
  ///
  /// - Throws: `LogError` or `StoreError`.
  package static func load(
    _ path: String, _ settings: LogSettings, _ follow: (ReadingProgress) throws -> Void = { _ in }
  ) throws -> Loaded {
    let options = settings.reading
    if let store = try store(at: path, options) {
      let (log, reports) = try store.logAndReports()
      return try prepare(log, reports, isStore: true, settings)
    }
    return try read(path, options: options) { reader in
      let (log, report) = try reader.readLog(maximumBadShare: options.maximumBadShare, follow)
      return try prepare(log, [report], isStore: false, settings)
    }
  }

  /// Loads the folds of a log from files of their own, and joins them.
  ///
  /// - Throws: `LogError`, also where they have different columns; `StoreError`.
  package static func load(
    folds paths: (training: String, validation: String?, test: String), _ options: ReadingOptions,
    _ follow: (ReadingProgress) throws -> Void = { _ in }
  ) throws -> Loaded {
    var identifiers = KnownIdentifiers()
    var (batches, reports): ([EventBatch], [ReadingSummary]) = ([], [])
    for path in [paths.training, paths.validation, paths.test].compactMap(\.self) {
      try read(path, options: options, identifiers: identifiers) { reader in
        var events = EventBatch()
        let report = try reader.readAll { assembler, progress in
          events.append(contentsOf: assembler.events)
          try follow(progress)
        }
        try report.require(maximumBadShare: options.maximumBadShare)
        if let first = batches.first, first.columns.present != events.columns.present {
          throw LogError.differentFolds(first: reports[0].file, second: report.file)
        }
        identifiers = reader.assembler.identifiers
        batches.append(events)
        reports.append(report)
      }
    }
    let (users, items) = (Catalog(identifiers.users), Catalog(identifiers.items))
    let logs = batches.map { InteractionLog(users: users, items: items, events: $0) }
    func name(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }
    let (log, folds) = OwnFolds.joining(
      training: logs[0], validation: paths.validation == nil ? nil : logs[1], test: logs[logs.count - 1],
      names: (name(paths.training), paths.validation.map(name), name(paths.test)))
    var loaded = Loaded(
      log: log, fingerprint: log.fingerprint, reports: reports, isStore: false,
      settings: LogSettings(reading: options), leftOut: nil)
    loaded.folds = folds
    return loaded
  }

  private static func prepare(
    _ log: InteractionLog, _ reports: [ReadingSummary], isStore: Bool, _ settings: LogSettings
  ) throws(LogError) -> Loaded {
    let prepared = settings.preparation == Preparation() ? nil : try settings.preparation.apply(log)
    let histories = prepared?.log ?? log
    return Loaded(
      log: histories, fingerprint: histories.fingerprint, reports: reports, isStore: isStore, settings: settings,
      leftOut: prepared?.summary)
  }

  /// The histories that the store at `path` held when it had `events` events, prepared; nil where the log is no store, or
  /// has fewer.
  ///
  /// - Throws: `LogError` or `StoreError`.
  package static func earlier(
    _ path: String, _ settings: LogSettings, events: Int
  ) throws -> InteractionLog? {
    guard let log = try store(at: path, settings.reading)?.log(events: events) else { return nil }
    return try settings.preparation.apply(log).log
  }

  /// Whether the file at `path` is a store that is read as one.
  package static func isStore(_ path: String, _ options: ReadingOptions) -> Bool {
    options.table == nil && InteractionStore.isStore(path)
  }

  /// Reads the whole log at `path` without keeping its events, and reports on it; of a store, the reports of its imports.
  ///
  /// - Throws: `LogError` or `StoreError`.
  package static func check(
    _ path: String, options: ReadingOptions = .init(), _ follow: (ReadingProgress) throws -> Void = { _ in }
  ) throws -> [ReadingSummary] {
    if let store = try store(at: path, options) { return try store.reports() }
    return try read(path, options: options) { reader in
      [try reader.readAll { _, progress in try follow(progress) }]
    }
  }

  /// Whether the file at `path` is a store or another SQLite database.
  package static func isDatabase(_ path: String) -> Bool { SQLiteFile.isDatabase(path) }

  /// What the store at `path` holds, all of it read and compared with what was imported; nil where the log is no store.
  ///
  /// - Throws: `StoreError.damaged` with the first fault.
  package static func checkStore(
    _ path: String, options: ReadingOptions = .init()
  ) throws(StoreError) -> StoreStatistics? {
    try store(at: path, options)?.check()
  }

  /// Hands a reader of the log at `path` to `body`; its ids are numbered after those of `identifiers`.
  ///
  /// - Parameter threads: how many parse a text log; nil for as many as there are processors.
  static func read<Result>(
    _ path: String, options: ReadingOptions, identifiers: KnownIdentifiers = .init(), threads: Int? = nil,
    _ body: (inout any EventReader) throws -> Result
  ) throws -> Result {
    guard options.table != nil || options.format == .sqlite || SQLiteFile.isDatabase(path) else {
      var reader: any EventReader = try LogReader(
        path, options: options, identifiers: identifiers, threads: threads)
      return try body(&reader)
    }
    guard FileManager.default.fileExists(atPath: path) else { throw LogError.missing(file: path) }
    if try store(at: path, options) != nil { throw StoreError.isStore(path: path) }
    guard SQLiteFile.isDatabase(path) else { throw StoreError.notADatabase(path: path) }
    do {
      return try SQLiteFile.openReadOnly(path).read { db in
        var reader: any EventReader = try TableReader(db, path: path, options: options, identifiers: identifiers)
        return try body(&reader)
      }
    } catch let error as DatabaseError {
      throw StoreError(error, path: path)
    }
  }

  /// The store at `path`; nil where the file is none, or where one of its tables is meant.
  package static func store(at path: String, _ options: ReadingOptions) throws(StoreError) -> InteractionStore? {
    guard isStore(path, options) else { return nil }
    return try InteractionStore.open(URL(fileURLWithPath: path))
  }
}
