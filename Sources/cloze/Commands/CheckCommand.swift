import ArgumentParser
import DurableFiles
import Foundation
import InteractionStore
import Interactions
import Items

/// `cloze check LOG`: says everything about a log and changes nothing.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say how a log is understood, what is wrong with it, and what stands out; change nothing.",
    usage: "cloze check <log> [<options>]",
    discussion: """
      Of a store, everything in it is read and compared with what was imported. With --repair what can be read of a \
      damaged store goes into a new one, which takes its place; the damaged file is kept beside it.
      """)

  @Argument(
    help: """
      The log: a text file (also gzip or zip), a folder or a quoted pattern of files, an SQLite database, a store, or - for \
      standard input.
      """, completion: .file()
  )
  var log: String

  @OptionGroup var options: LogOptions
  @OptionGroup(title: "Items") var items: ItemFileOptions
  @OptionGroup var progressOptions: ProgressOptions

  @Flag(help: "Print a JSON list of reports: one for a log, one per import for a store.")
  var json = false

  @Flag(help: "Save what can be read of a damaged store.")
  var repair = false

  func validate() throws {
    if json, items.itemsFrom != nil {
      throw ValidationError("--json prints the reports on logs; leave out --items-from")
    }
    if repair && json { throw ValidationError("--json prints the reports on logs; leave it out with --repair") }
  }

  func run() async throws {
    if repair { return try print(StoreRepair.run(URL(fileURLWithPath: log)).description) }
    Interruption.watch()
    let progress = progressOptions.start()
    defer { progress.finish() }
    let reports = try LogSource.check(log, options: options.reading) { reached in
      if Interruption.requested { throw Interrupted(description: "stopped after \(Counted(reached.rows, "row"))") }
      progress.update(reached.text(verb: "checked"))
    }
    let store = try LogSource.checkStore(log, options: options.reading)
    progress.finish()
    try print(json ? try JSONText.of(reports) : reports.map(\.description).joined(separator: "\n"))
    if let store, !json { try print("the store is whole: \(store)") }
    if !json, let table = try items.table(log: log) {
      try print("\n\(table.summary)\n\(ItemCoverage(table, LogSource.load(log, options: options.reading).log))")
    }
    for report in reports { try report.require(maximumBadShare: options.reading.maximumBadShare) }
  }
}
