import ArgumentParser
import Foundation
import InteractionStore
import Interactions

/// `cloze import LOG --store STORE`: adds a log to a store, whole or not at all.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Adds a log to a store, whole or not at all; makes the store where there is none.",
    discussion: """
      A second log is appended: its users and items are those of the store where their ids are the same. The same \
      content is not imported twice. Whoever stops the import, however hard, finds the store as it was.
      """)

  @Argument(help: "The log: a text file (also gzip), an SQLite database, or - for standard input.")
  var log: String

  @Option(help: "The store, an SQLite file.")
  var store: String

  @OptionGroup var options: LogOptions
  @OptionGroup var progressOptions: ProgressOptions

  @Flag(help: "Print the report as JSON.")
  var json = false

  func run() async throws {
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
