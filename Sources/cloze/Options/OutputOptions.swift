import ArgumentParser
import DurableFiles
import Foundation
import InteractionStore
import Recommending

/// Where recommendations go, and whether an earlier run is resumed.
struct OutputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The file to write, .csv or .jsonl; standard output if not given.", valueName: "file"))
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
  @Flag(help: "Write JSON lines to standard output.")
  var json = false

  /// Whether what is written before the end is kept for --resume.
  var isKept: Bool { output != nil || into != nil }

  /// What the result is, where it is not printed.
  var place: String? { output ?? into.map { "table \($0)" } }

  func validate() throws {
    if output != nil && into != nil {
      throw ValidationError("--output and --into exclude each other; give one of them")
    }
    if into?.isEmpty == true { throw ValidationError("--into names no table; give its name") }
    if let shard, output == nil {
      throw ValidationError("--shard \(shard) needs a file for `cloze merge`; give --output")
    }
    if resume && !isKept {
      throw ValidationError("--resume resumes a file or a table; give --output or --into")
    }
    if json && isKept { throw ValidationError("--json is for standard output; name the --output .jsonl") }
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

/// The folders that a command writes into.
enum Folders {
  /// Makes the folders above `path` that do not exist yet.
  ///
  /// - Throws: `DurableFileError`.
  static func make(for path: String) throws {
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
    // Something that is no folder is named by the write below it.
    if FileManager.default.fileExists(atPath: parent.path) { return }
    do {
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    } catch {
      let cause = (error as? CocoaError)?.underlying ?? error
      throw DurableFileError(
        "create the folder", parent.path, reason: cause.localizedDescription, advice: "name another path")
    }
  }
}
