import ArgumentParser
import Evaluation
import Foundation
import InteractionStore
import Interactions

/// Where a command's log comes from and what is left out of it, the same for every command that trains or evaluates.
struct SourceOptions: ParsableArguments {
  @OptionGroup var reading: LogOptions

  @Option(parsing: .unconditional, help: ArgumentHelp("Leave out users with fewer events.", valueName: "n"))
  var minUserEvents = 1

  @Option(parsing: .unconditional, help: ArgumentHelp("Leave out items with fewer events.", valueName: "n"))
  var minItemEvents = 1

  @Option(help: "What happens to repeated events of one user with one item.")
  var repeats = Preparation.Repeats.keep

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Start a new session, as a group, after so many minutes without an event.", valueName: "minutes")
  )
  var sessionGap: Double?

  func validate() throws {
    try require(minUserEvents, in: 1...Int(Int32.max), "--min-user-events")
    try require(minItemEvents, in: 1...Int(Int32.max), "--min-item-events")
    if let sessionGap, !(sessionGap > 0 && sessionGap < 1e9) {
      throw ValidationError("--session-gap \(sessionGap): expected a number of minutes above 0")
    }
  }

  /// How these options are typed; all of them take a value.
  static let names =
    LogOptions.names + ["--min-user-events", "--min-item-events", "--repeats", "--session-gap"]

  /// The log at `path`, prepared as these options say; what was read, and what was left out, is noted.
  func load(_ path: String, _ progress: Progress) throws -> LogSource.Loaded {
    let source = try LogSource.load(path, options: reading.reading) { reached in
      progress.update(reached.text(verb: "read"))
    }
    for line in source.summaryLines(of: path) { progress.note(line) }
    let preparation = Preparation(
      repeats: repeats, minimumUserEvents: minUserEvents, minimumItemEvents: minItemEvents,
      sessionGapMinutes: sessionGap)
    if preparation == Preparation() { return source }
    let (prepared, summary) = try source.prepared(by: preparation)
    progress.note(summary.description)
    return prepared
  }
}

extension Preparation.Repeats: ExpressibleByArgument {}

extension LogSource.Loaded {
  /// What was read from `path` in a line or two: of a file how it was understood, of a store what it holds.
  func summaryLines(of path: String) -> [String] {
    if reports.count == 1, reports[0].file == path { return reports[0].shortLines }
    let dropped = reports.reduce(0) { $0 + $1.rows.dropped }
    let imports = reports.count == 1 ? "1 import" : "\(reports.count) imports"
    return [
      "\(path): a store of \(imports); \(log.eventCount) events of \(log.userCount) users and \(log.itemCount) items"
        + (dropped > 0 ? "; \(dropped) rows were dropped while importing" : "")
    ]
  }

  /// What records call the log that was loaded from `path`.
  func identity(of path: String) -> LogIdentity {
    LogIdentity(
      name: URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent, fingerprint: fingerprint,
      users: log.userCount, items: log.itemCount, events: log.eventCount)
  }
}
