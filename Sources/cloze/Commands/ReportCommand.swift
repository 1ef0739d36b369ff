import ArgumentParser
import Comparison
import DurableFiles
import Evaluation
import Foundation
import Reports
import Training

/// Writes the page about a training run or a comparison.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one self-contained HTML page about a training run or a comparison.",
    discussion: """
      Reads record.json (of `cloze train`) or results.json (of `cloze compare`) in DIR, and writes report.html beside \
      it. The page needs no network, follows the light or dark theme of its reader, and prints. With --table the \
      runs' figures are printed as Markdown instead.
      """)

  @Argument(
    help: ArgumentHelp("The directory a training run or a comparison wrote.", valueName: "dir"), completion: .directory)
  var directories: [String]

  @Option(name: .shortAndLong, help: "Where the page goes instead of DIR/report.html.", completion: .file())
  var output: String?

  @Flag(help: "Print a Markdown table with a row per run instead of writing pages.")
  var table = false

  @Flag(help: "Print the paths of the pages as JSON.")
  var json = false
  @OptionGroup var silence: QuietOptions

  func validate() throws {
    if json && table { throw ValidationError("--table is Markdown; leave out --json, or --table") }
    if output != nil && (table || directories.count != 1) {
      throw ValidationError("--output names one page; give it with one directory and without --table")
    }
    try Folders.requireApart([("--output", output)], from: [], model: directories.first)
  }

  func run() throws {
    let folders = directories.map { URL(fileURLWithPath: $0, isDirectory: true) }
    if table { return try print(ResultsTable.markdown(try folders.flatMap(Self.runs))) }
    let pages = try folders.map(write)
    if json { return try print(JSONText.of(["pages": pages])) }
    if !silence.quiet { for page in pages { try print(page) } }
  }

  /// The run of `folder`, or every run of the comparison in it.
  private static func runs(in folder: URL) throws -> [RunRecord] {
    let comparison = folder.appendingPathComponent("results.json")
    guard FileManager.default.fileExists(atPath: comparison.path) else {
      return [try RunRecord.read(in: folder)]
    }
    return try RecordFile.read(ComparisonRecord.self, from: comparison).variants.flatMap(\.runs)
  }

  /// Writes the page about `folder`.
  ///
  /// - Returns: its path.
  private func write(_ folder: URL) throws -> String {
    let comparison = folder.appendingPathComponent("results.json")
    let html =
      FileManager.default.fileExists(atPath: comparison.path)
      ? Report.html(of: try RecordFile.read(ComparisonRecord.self, from: comparison))
      : Report.html(of: try RunRecord.read(in: folder))
    let page = output.map { URL(fileURLWithPath: $0) } ?? folder.appendingPathComponent("report.html")
    try Folders.make(for: page.path)
    try DurableFile.write(html, to: page)
    return page.path
  }
}
