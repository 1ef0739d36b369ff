import ArgumentParser
import InteractionStore
import Interactions

/// Where a command's log comes from and what is left out of it, the same for every command that learns or judges.
struct SourceOptions: ParsableArguments {
  @OptionGroup var reading: LogOptions

  @Option(help: ArgumentHelp("Leave out users with fewer events.", valueName: "n"))
  var minUserEvents = 1

  @Option(help: ArgumentHelp("Leave out items with fewer events.", valueName: "n"))
  var minItemEvents = 1

  @Option(help: "What becomes of an item that one person touched several times.")
  var repeats = Preparation.Repeats.keep

  @Option(
    help: ArgumentHelp("Begin a new session, as a group, after so many minutes without an event.", valueName: "minutes")
  )
  var sessionGap: Double?

  func validate() throws {
    if min(minUserEvents, minItemEvents) < 1 { throw ValidationError("the least number of events is at least 1") }
    if let sessionGap, !(sessionGap > 0) { throw ValidationError("--session-gap is a number of minutes above 0") }
  }

  /// The log at `path` as it is asked for; what was left out of it is said as progress.
  func load(_ path: String, _ progress: Progress) throws -> LogSource.Loaded {
    let source = try LogSource.load(path, options: reading.reading) { reached in
      progress.update(reached.text(verb: "read"))
    }
    let preparation = Preparation(
      repeats: repeats, minimumUserEvents: minUserEvents, minimumItemEvents: minItemEvents,
      sessionGapMinutes: sessionGap)
    if preparation == Preparation() { return source }
    let (prepared, summary) = try source.prepared(by: preparation)
    progress.keep(summary.description)
    return prepared
  }
}

extension Preparation.Repeats: ExpressibleByArgument {}
