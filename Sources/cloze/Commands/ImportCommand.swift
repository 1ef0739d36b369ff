import ArgumentParser
import Foundation
import InteractionStore
import Interactions

/// `cloze import LOG --store STORE`: adds a log to a store, whole or not at all.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Add a log to a store, whole or not at all; create the store if there is none.",
    usage: "cloze import <log> --store <store> [<options>]",
    discussion: """
      A second log is appended: its users and items are those of the store where their ids are the same. The same \
      content is not imported twice. An import that is stopped, however hard, leaves the store as it was.
      """)

  @Argument(
    help: """
      The log: a text file (also gzip or zip), a folder or a quoted pattern of files, an SQLite database, or - for standard \
      input.
      """, completion: .file()
  )
  var log: String

  @Option(help: "The store, an SQLite file.", completion: .file())
  var store: String

  @OptionGroup var options: LogOptions
  @OptionGroup var progressOptions: ProgressOptions

  @Flag(help: "Print the report as JSON.")
  var json = false

  func validate() throws { try Folders.requireApart([("--store", store)], from: [("the log", log)]) }

  func run() async throws {
    try Folders.make(for: store)
    Interruption.watch()
    let progress = progressOptions.start()
    defer { progress.finish() }
    let receipt = try InteractionStore.importLog(
      log, into: URL(fileURLWithPath: store), options: options.reading
    ) { reached in
      if Interruption.requested { throw Interrupted(description: "stopped; \(store) is as it was") }
      progress.update(reached.text(verb: "imported"))
    }
    progress.finish()
    try print(json ? try JSONText.of(receipt) : receipt.description)
  }
}
