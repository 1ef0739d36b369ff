import ArgumentParser
import Foundation
import InteractionStore
import Recommending

/// Where recommendations go, and whether an earlier run is resumed.
struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The file to write, .csv or .jsonl; standard output if not given.", valueName: "file"),
    completion: .file())
  var output: String?
  @Option(help: ArgumentHelp("Write this table of --store instead of a file.", valueName: "table"))
  var into: String?
  @Flag(help: "Resume an --output or --into that was interrupted; no user is repeated or lost.")
  var resume = false
  @Option(
    help: ArgumentHelp(
      "Answer only part K of N equal parts of the users, 1/N to N/N, anywhere and at any time; `cloze merge` joins them.",
      valueName: "K/N"))
  var shard: Shard?
  @Flag(help: "Write JSON lines to standard output; with --output or --into, what was written as JSON instead.")
  var json = false

  @OptionGroup var formulas: FormulaOptions

  /// Whether what is written before the end is kept for --resume.
  var isKept: Bool { output != nil || into != nil }

  /// What the result is, where it is not printed.
  var place: String? { output ?? into.map { "table \($0)" } }

  func validate() throws {
    if output != nil && into != nil {
      throw ValidationError("--output and --into exclude each other; give one of them")
    }
    if into?.isEmpty == true { throw ValidationError("--into names no table; give its name") }
    if let into, into.lowercased().hasPrefix("sqlite_") {
      throw ValidationError("--into \(into): names that begin with sqlite_ are SQLite's own; give another")
    }
    if let shard, output == nil {
      throw ValidationError("--shard \(shard) needs a file for `cloze merge`; give --output")
    }
    if resume && !isKept {
      throw ValidationError("--resume resumes a file or a table; give --output or --into")
    }
    try formulas.requireCSV(into == nil && (isKept || !json) && output?.lowercased().hasSuffix("csv") != false)
    if let output, RecommendationText.Format(path: output) == nil {
      throw ValidationError("--output \(output): expected a name that ends in .csv or .jsonl")
    }
  }

  /// - Parameter store: what --store names.
  func destination(store: String?) throws -> RecommendationDestination {
    if let into, let store { return .table(into, in: try InteractionStore.open(URL(fileURLWithPath: store))) }
    guard let output, let format = RecommendationText.Format(path: output) else {
      return .standardOutput(json ? .jsonLines : .csv)
    }
    try Folders.make(for: output)
    return .file(URL(fileURLWithPath: output), format)
  }
}

extension Shard: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

/// What becomes of ids that spreadsheets would run as formulas.
struct FormulaOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      """
      In CSV, put an apostrophe before ids that begin with =, +, -, @, a tabulator or a carriage return, which a \
      spreadsheet would run as formulas.
      """))
  var guardFormulas = false

  func requireCSV(_ isCSV: Bool) throws {
    if guardFormulas && !isCSV { throw ValidationError("--guard-formulas is about CSV; leave it out, or write CSV") }
  }
}
