import ArgumentParser
import DurableFiles
import Experiments
import Foundation
import Reports

/// Writes the page about a training run or a comparison.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one self-contained HTML page about a training run or a comparison.",
    discussion: """
      Reads record.json (of `cloze train`) or results.json (of `cloze compare`) in DIR, and writes report.html beside \
      it. The page needs no network, follows the light or dark theme of its reader, and prints.
      """)

  @Argument(help: "The directory a training run or a comparison wrote.", completion: .directory)
  var directory: String

  @Option(name: .shortAndLong, help: "Where the page goes instead of DIR/report.html.", completion: .file())
  var output: String?

  func run() throws {
    let folder = URL(fileURLWithPath: directory, isDirectory: true)
    let comparison = folder.appendingPathComponent("results.json")
    let html =
      FileManager.default.fileExists(atPath: comparison.path)
      ? Report.html(of: try RecordFile.read(ComparisonRecord.self, from: comparison))
      : Report.html(of: try RecordFile.read(RunRecord.self, from: folder.appendingPathComponent("record.json")))
    let page = output.map { URL(fileURLWithPath: $0) } ?? folder.appendingPathComponent("report.html")
    try DurableFile.write(html, to: page)
    print(page.path)
  }
}
