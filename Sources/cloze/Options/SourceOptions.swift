import ArgumentParser
import DurableFiles
import Evaluation
import Foundation
import InteractionStore
import Interactions
import ModelFiles
import Recommending

/// Where a command's log comes from and what is left out of it, the same for every command that trains or evaluates.
struct SourceOptions: ParsableArguments {
  @OptionGroup var reading: LogOptions

  @Option(
    help: ArgumentHelp("Leave out earlier events: a date or time, such as 2024-05-01.", valueName: "time"),
    transform: { try Self.time($0, "--since") })
  var since: Int64?

  @Option(
    help: ArgumentHelp("Leave out events from this date or time on.", valueName: "time"),
    transform: { try Self.time($0, "--until") })
  var until: Int64?

  @Option(parsing: .unconditional, help: ArgumentHelp("Leave out users with fewer events.", valueName: "n"))
  var minUserEvents: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Leave out items with fewer events.", valueName: "n"))
  var minItemEvents: Int?

  @Option(help: "What happens to repeated events of one user with one item; they are kept if it is not given.")
  var repeats: Preparation.Repeats?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Start a new session, as a group, after so many minutes without an event.", valueName: "minutes")
  )
  var sessionGap: Double?

  func validate() throws {
    if let since, let until, since >= until {
      throw ValidationError("--since and --until leave no time between them; give --until a later one")
    }
    try require(minUserEvents, in: 1...Int(Int32.max), "--min-user-events")
    try require(minItemEvents, in: 1...Int(Int32.max), "--min-item-events")
    if let sessionGap, !(sessionGap > 0 && sessionGap < 1e9) {
      throw ValidationError("--session-gap \(sessionGap): expected a number of minutes above 0")
    }
  }

  private static func time(_ text: String, _ option: String) throws -> Int64 {
    guard let time = ISO8601.microseconds(text) else {
      throw ValidationError("\(option) “\(text)” is no date or time; write it as 2024-05-01 or 2024-05-01T12:00:00Z")
    }
    return time
  }

  /// The options that were given.
  private var changes: [LogSettings.Change] {
    var changes = reading.changes
    changes.add("--since", open: \.preparation.since, since, text: since.map(ISO8601.text))
    changes.add("--until", open: \.preparation.until, until, text: until.map(ISO8601.text))
    changes.add("--min-user-events", \.preparation.minimumUserEvents, minUserEvents)
    changes.add("--min-item-events", \.preparation.minimumItemEvents, minItemEvents)
    changes.add("--repeats", \.preparation.repeats, repeats, text: repeats?.rawValue)
    changes.add("--session-gap", open: \.preparation.sessionGapMinutes, sessionGap)
    return changes.list
  }

  /// The log at `path`, or the folds, as these options say; what was read is noted.
  func load(_ path: String?, _ folds: FoldOptions, _ progress: Progress) throws -> LogSource.Loaded {
    if let path { return try load(path, progress) }
    return try load(folds, LogSettings(changes), progress)
  }

  /// The folds, which are taken as they are.
  private func load(_ folds: FoldOptions, _ settings: LogSettings, _ progress: Progress) throws -> LogSource.Loaded {
    guard let paths = folds.paths else { throw ValidationError("no log; give --train and --test") }
    if let change = changes.first(where: { LogSettings().with([$0]).preparation != Preparation() }) {
      throw ValidationError("\(change.text) would move the bounds of your folds; prepare the files beforehand")
    }
    let source = try LogSource.load(folds: paths, settings.reading) { progress.update($0.text(verb: "read")) }
    for report in source.reports { for line in report.shortLines { progress.note(line) } }
    return source
  }

  /// The folds, read as those that `model` was trained on.
  ///
  /// - Throws: `TrainedOtherwiseError`.
  func load(
    _ folds: FoldOptions, asFor model: ModelDirectory.Loaded, at directory: String, forced: Bool, _ progress: Progress
  ) throws -> (source: LogSource.Loaded, relation: LogRelation) {
    let trained = model.card.provenance?.settings ?? LogSettings()
    let source = try load(folds, trained.with(changes), progress)
    let relation = try source.relation(to: model, at: directory, path: folds.train ?? "")
    if case .other(let differences) = relation, !forced {
      throw TrainedOtherwiseError.otherLog(model: directory, differences: differences)
    }
    return (source, relation)
  }

  /// The log at `path`, prepared as these options say; what was read, and what was left out, is noted.
  func load(_ path: String, _ progress: Progress) throws -> LogSource.Loaded {
    try load(path, LogSettings(changes), progress)
  }

  private func load(_ path: String, _ settings: LogSettings, _ progress: Progress) throws -> LogSource.Loaded {
    let source = try LogSource.load(path, settings) { reached in
      progress.update(reached.text(verb: "read"))
    }
    if source.isStore, let option = reading.changes.list.first(where: \.decidesHistories)?.text {
      throw ValidationError(
        "\(path) is a store, whose events were read when they were imported; give \(option) to `cloze import`")
    }
    for line in source.summaryLines(of: path) { progress.note(line) }
    if let leftOut = source.leftOut { progress.note(leftOut.description) }
    return source
  }

  /// The log at `path`, prepared as `settings` of the model at `directory` say, which is noted, and as options change it.
  func load(
    _ path: String, preparedAs settings: LogSettings?, at directory: String, _ progress: Progress
  ) throws -> LogSource.Loaded {
    let trained = settings ?? LogSettings()
    if let note = trained.note(on: path, trainedAs: directory) { progress.note(note) }
    return try load(path, trained.with(changes), progress)
  }

  /// The log at `path`, read and prepared as the one that `model` was trained on, which is noted; options are for what
  /// the model does not say.
  ///
  /// - Parameter forced: whether another log, and options that contradict the model, are taken all the same.
  /// - Throws: `TrainedOtherwiseError`.
  func load(
    _ path: String, asFor model: ModelDirectory.Loaded, at directory: String, forced: Bool, _ progress: Progress
  ) throws -> (source: LogSource.Loaded, relation: LogRelation) {
    let trained = model.card.provenance?.settings ?? LogSettings()
    if let note = trained.note(on: path, trainedAs: directory) { progress.note(note) }
    let source = try load(path, trained.with(changes), progress)
    let relation = try source.relation(to: model, at: directory, path: path)
    if relation == .same || relation == .unknown || forced { return (source, relation) }
    let contradictions = trained.contradictions(changes, ofStore: source.isStore)
    if !contradictions.isEmpty, model.card.provenance != nil {
      throw TrainedOtherwiseError.preparation(
        model: directory, given: contradictions.map(\.given), trained: contradictions.map(\.here))
    }
    switch relation {
    case .other(let differences): throw TrainedOtherwiseError.otherLog(model: directory, differences: differences)
    case .grown(let added): progress.note("\(path): since \(directory) was trained: \(added)")
    case .same, .unknown: break
    }
    return (source, relation)
  }
}

extension Preparation.Repeats: ExpressibleByArgument {}

extension LogSource.Loaded {
  /// What was read from `path` in a line or two: of a file how it was understood, of a store what it holds.
  func summaryLines(of path: String) -> [String] {
    if reports.count == 1, reports[0].file == path { return reports[0].shortLines }
    let dropped = reports.reduce(0) { $0 + $1.rows.dropped }
    let imports = Counted(reports.count, "import")
    return [
      "\(path): a store of \(imports); \(Counted(log.eventCount, "event")) of \(Counted(log.userCount, "user")) and \(Counted(log.itemCount, "item"))"
        + (dropped > 0
          ? "; \(Counted(dropped, "row")) \(Counted.verb(dropped, "was", "were")) dropped while importing" : "")
    ]
  }

  /// How it is cut: as its folds are, or as was requested.
  func method(_ given: SplitMethod?) -> SplitMethod { folds.map { .ownFolds($0) } ?? given ?? .leaveOneOut }

  /// What records call the log that was loaded from `path`.
  func identity(of path: String) -> LogIdentity {
    LogIdentity(
      name: URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent, fingerprint: fingerprint,
      users: log.userCount, items: log.itemCount, events: log.eventCount,
      selection: settings.selection(ofStore: isStore))
  }
}

extension LogSettings {
  /// Says that the log at `path` is taken as these settings of the model at `directory` say; nil where they say nothing.
  func note(on path: String, trainedAs directory: String) -> String? {
    let remembered = options(ofStore: LogSource.isStore(path, reading))
    return remembered.isEmpty
      ? nil : "\(path): taken as \(directory) was trained: \(remembered.joined(separator: " "))"
  }
}
