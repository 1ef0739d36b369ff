import ArgumentParser
import Foundation
import InteractionStore
import Interactions
import Items

/// `cloze import-items FILE --store STORE`: tells a store what its items are.
struct ImportItemsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import-items",
    abstract: "Tell a store what its items are: titles, categories, numbers, texts.",
    usage: "cloze import-items <file> --store <store> [<options>]",
    discussion: """
      The file has a row per item; items need not have events. Its rows take the place of those that were imported \
      before, whole or not at all. Categories may be several in a cell, between | or commas.
      """)

  @Argument(
    help: "The item file: delimited, JSON lines or a JSON array, also gzip; - for standard input.", completion: .file())
  var file: String

  @Option(help: "The store, an SQLite file.", completion: .file())
  var store: String

  @OptionGroup var columns: ItemColumnOptions

  @Option(
    help: ArgumentHelp("What stands between columns: a character, tab, blanks or '::'.", valueName: "separator"),
    transform: LogOptions.separator)
  var separator: Separator?

  @Option(help: ArgumentHelp("Whether the first row names the columns: yes or no.", valueName: "yes|no"))
  var header: LogOptions.HeaderChoice?

  @Option(
    help: ArgumentHelp("The greatest share of bad rows to accept, such as 2% or 0.02.", valueName: "share"),
    transform: LogOptions.share)
  var maxBad = 0.01

  @Flag(help: "Print the report as JSON.")
  var json = false
  @OptionGroup var silence: QuietOptions

  func validate() throws { try Folders.requireApart([("--store", store)], from: [("the item file", file)]) }

  func run() throws {
    var options = ItemTable.Options()
    options.columns = columns.itemColumns
    options.cells = CellTable.Options(separator: separator, hasHeader: header.map { $0 == .yes })
    options.maximumBadShare = maxBad
    let table = try ItemTable.read(file, options: options)
    try Folders.make(for: store)
    let opened = try InteractionStore.open(URL(fileURLWithPath: store), creating: true)
    try opened.replaceItems(by: table)
    try print(json ? try JSONText.of(table.summary) : table.summary.description)
    if !json, let log = try? opened.log() { try print(ItemCoverage(table, log).description) }
  }
}
