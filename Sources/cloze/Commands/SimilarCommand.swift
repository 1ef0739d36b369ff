import ArgumentParser
import DurableFiles
import Foundation
import Interactions
import Items
import ModelFiles
import Recommending
import SequentialModels

/// `cloze similar`: the nearest items, by the model's item table.
struct SimilarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "similar",
    abstract: "Write the nearest items of some items, or of all, by the model's item table.")

  @Argument(help: "The model directory.", completion: .directory)
  var model: String
  @Argument(help: "The items; all of them with --all.")
  var items: [String] = []
  @Flag(help: "Every item the model knows.")
  var all = false
  @Option(help: "What is compared: cosine, or product for the inner product.")
  var by = ItemSimilarity.Measure.cosine
  @Option(parsing: .unconditional, help: "The length of a list.")
  var top = 10
  @Option(
    help: ArgumentHelp("Name only these items: @FILE or a file with one id per line, or a list.", valueName: "items"))
  var among: String?
  @Option(
    help: ArgumentHelp("The CSV file to write; standard output if not given.", valueName: "file"), completion: .file())
  var output: String?
  @Flag(help: "Write JSON lines instead of CSV.")
  var json = false
  @OptionGroup var formulas: FormulaOptions
  @Flag(help: "Add the items' titles, from --items-from.")
  var titles = false
  @OptionGroup(title: "Items") var known: ItemFileOptions
  @OptionGroup var noting: NoteOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var reporting: ProgressOptions

  func validate() throws {
    try formulas.requireCSV(!json)
    try require(top, in: 1...Int(Int32.max), "--top")
    try Folders.requireApart(
      [("--output", output), ("--unknown-to", noting.unknownTo)],
      from: [("--among", among), ("--items-from", known.itemsFrom)], model: model)
    if titles, known.itemsFrom == nil { throw ValidationError("--titles needs to know them; give --items-from FILE") }
    if items.isEmpty != all { throw ValidationError("name the items to compare, or give --all, not both") }
  }

  func run() throws {
    Interruption.watch()
    let progress = reporting.start()
    let notes = noting.notes(progress)
    let loaded = try ModelDirectory.load(model, workers: threads.workers, progress)
    let queries = all ? (0..<loaded.items.count).map { ItemID($0) } : try known(loaded.items, notes)
    let among = try notes.list(among, option: "--among", role: .item, known: loaded.items)
    let (allowed, findings) = try CandidateLists(only: among).allowed(in: loaded.items)
    try notes.take(findings)
    let labels = titles ? try known.table(log: nil).map { ItemLabels($0, for: loaded.items) } : nil
    if let output { try Folders.make(for: output) }
    let (done, alone) = try ItemSimilarity(loaded.model, by, allowed: allowed).write(
      top, nearestTo: queries, catalog: loaded.items, format: json ? .jsonLines : .csv, labels: labels ?? .none,
      guardsFormulas: formulas.guardFormulas, into: LineSink(output), workers: threads.workers,
      shouldStop: { Interruption.requested })
    if done < queries.count {
      throw Interrupted(description: "stopped after \(done) of \(Counted(queries.count, "item"))")
    }
    notes.say(alone)
    try notes.finish()
  }

  /// The items that were named, without those the model does not know, which are noted.
  ///
  /// - Throws: `RecommendationError.unknownItem` where it knows none of them, or one and that is not allowed.
  private func known(_ catalog: Catalog, _ notes: Notes) throws -> [ItemID] {
    var mapper = ItemMapper(catalog)
    let known = mapper.map(items.map { Identifier($0) })
    if known.isEmpty, items.count == 1 || notes.allowsUnknown { _ = try catalog.knownIndex(of: Identifier(items[0])) }
    try notes.take(mapper.unknown.count == 0 ? [] : [IDFinding(.similarItem, mapper.unknown.names, known: catalog)])
    return known
  }
}

extension ItemSimilarity.Measure: ExpressibleByArgument {}
