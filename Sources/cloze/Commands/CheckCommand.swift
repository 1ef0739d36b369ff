import ArgumentParser
import InteractionStore
import Interactions

/// `cloze check LOG`: says everything about a log and changes nothing.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say how a log is understood, what is wrong with it, and what stands out; change nothing.",
    usage: "cloze check <log> [<options>]")

  @Argument(help: "The log: a text file (also gzip), an SQLite database, a store, or - for standard input.")
  var log: String

  @OptionGroup var options: LogOptions
  @OptionGroup var progressOptions: ProgressOptions

  @Flag(help: "Print a JSON list of reports: one for a log, one per import for a store.")
  var json = false

  func run() async throws {
    Interruption.watch()
    let progress = progressOptions.start()
    defer { progress.finish() }
    let reports = try LogSource.check(log, options: options.reading) { reached in
      if Interruption.requested { throw Interrupted(description: "stopped after \(reached.rows) rows") }
      progress.update(reached.text(verb: "checked"))
    }
    progress.finish()
    try print(json ? try JSONText.of(reports) : reports.map(\.description).joined(separator: "\n"))
    for report in reports { try report.require(maximumBadShare: options.maxBad) }
  }
}
