import ArgumentParser
import Comparison
import DurableFiles
import Evaluation
import Foundation
import ModelFiles
import Recommending
import Reports
import Training

/// Writes the page about a training run or a comparison.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one self-contained HTML page about a training run or a comparison.",
    usage: "cloze report <dir> ... [<options>]",
    discussion: """
      Reads record.json (of `cloze train`) or results.json (of `cloze compare`) in DIR, and writes report.html beside \
      it. The page needs no network, follows the light or dark theme of its reader, and prints. With --table the \
      runs' figures are printed as Markdown instead. With the log of a training run the page shows what its model \
      recommends: lists of a dozen users, what is nearest to popular items, and a map of all items, with titles where \
      --items-from or the store has them.
      """)

  @Argument(
    help: ArgumentHelp("The directory a training run or a comparison wrote.", valueName: "dir"), completion: .directory)
  var directories: [String]

  @Option(name: .shortAndLong, help: "Where the page goes instead of DIR/report.html.", completion: .file())
  var output: String?

  @Option(
    name: [.customLong("store"), .customLong("log")],
    help: ArgumentHelp("The log of a training run: the page then shows what its model recommends.", valueName: "log"),
    completion: .file())
  var log: String?
  @OptionGroup(title: "Items") var items: ItemFileOptions
  @Option(help: "The seed that draws the users whose lists are shown.")
  var usersSeed: UInt64 = 1
  @Flag(help: "Use the model although it was trained on another log, or on one that was prepared otherwise.")
  var force = false

  @Flag(help: "Print a Markdown table with a row per run instead of writing pages.")
  var table = false

  @Flag(help: "Print the paths of the pages as JSON.")
  var json = false
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var reporting: ProgressOptions

  func validate() throws {
    if json && table { throw ValidationError("--table is Markdown; leave out --json, or --table") }
    if output != nil && (table || directories.count != 1) {
      throw ValidationError("--output names one page; give it with one directory and without --table")
    }
    if log != nil && (table || directories.count != 1) {
      throw ValidationError("--log shows what one model recommends; give it with one directory and without --table")
    }
    if log == nil, items.itemsFrom != nil {
      throw ValidationError("--items-from names items of what is recommended; give --log, too")
    }
    try Folders.requireApart(
      [("--output", output)], from: [("the log", log), ("--items-from", items.itemsFrom)], model: directories.first)
  }

  func run() throws {
    let folders = directories.map { URL(fileURLWithPath: $0, isDirectory: true) }
    if table { return try print(ResultsTable.markdown(try folders.flatMap(Self.runs))) }
    let pages = try folders.map(write)
    if json { return try print(JSONText.of(["pages": pages])) }
    if !reporting.quiet { for page in pages { try print(page) } }
  }

  /// The run of `folder`, or every run of the comparison in it.
  private static func runs(in folder: URL) throws -> [RunRecord] {
    let comparison = folder.appendingPathComponent("results.json")
    guard FileManager.default.fileExists(atPath: comparison.path) else {
      return [try RunRecord.read(in: folder)]
    }
    return try RecordFile.read(ComparisonRecord.self, from: comparison).variants.flatMap(\.runs)
  }

  /// What the model of `folder` recommends; nil without a log.
  private func examples(of folder: URL) throws -> ListExamples? {
    guard let log else { return nil }
    let progress = reporting.start()
    let loaded = try ModelDirectory.load(folder.path, workers: threads.workers, progress)
    // The model remembers how its log is read.
    let source = try SourceOptions.parse([]).load(log, asFor: loaded, at: folder.path, forced: force, progress).source
    progress.finish()
    let mapped = CatalogMappedLog(source.log, fingerprint: source.fingerprint, catalog: loaded.items)
    return ReportExamples(loaded: loaded, log: mapped.log, table: try items.table(log: log)).make(seed: usersSeed)
  }

  /// Writes the page about `folder`.
  ///
  /// - Returns: its path.
  private func write(_ folder: URL) throws -> String {
    let comparison = folder.appendingPathComponent("results.json")
    if log != nil, FileManager.default.fileExists(atPath: comparison.path) {
      throw ValidationError("\(folder.path) holds a comparison, which has no lists to show; leave --log out")
    }
    let html =
      try FileManager.default.fileExists(atPath: comparison.path)
      ? Report.html(of: RecordFile.read(ComparisonRecord.self, from: comparison))
      : Report.html(of: RunRecord.read(in: folder), examples: examples(of: folder))
    let page = output.map { URL(fileURLWithPath: $0) } ?? folder.appendingPathComponent("report.html")
    try Folders.make(for: page.path)
    try DurableFile.write(html, to: page)
    return page.path
  }
}
