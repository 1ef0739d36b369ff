import ArgumentParser
import DurableFiles
import Foundation
import InteractionStore

/// Where recommendations go, and whether an earlier attempt is gone on with.
struct RecommendationOutput: ParsableArguments {
  @Option(help: ArgumentHelp("The file to write, .csv or .jsonl; standard output if not given.", valueName: "file"))
  var output: String?
  @Option(help: ArgumentHelp("The table of --store to write in place of a file.", valueName: "table"))
  var into: String?
  @Flag(help: "Go on with an --output or --into that was interrupted, without repeating or losing anybody.")
  var resume = false
  @Flag(help: "Write JSON lines to standard output.")
  var json = false

  /// Whether what is written before the end is kept for --resume.
  var isKept: Bool { output != nil || into != nil }

  func validate() throws {
    if output != nil && into != nil {
      throw ValidationError("--output and --into exclude each other; give one of them")
    }
    if into?.isEmpty == true { throw ValidationError("--into names no table; give its name") }
    if resume && !isKept {
      throw ValidationError("--resume goes on with a file or a table; give --output or --into")
    }
    if json && isKept { throw ValidationError("--json is for standard output; name the --output .jsonl") }
    if let output, RecommendationText.Format(path: output) == nil {
      throw ValidationError("--output \(output): expected a name that ends in .csv or .jsonl")
    }
  }

  /// - Parameters:
  ///   - store: what --store names.
  ///   - request: what was asked, so that only the same is gone on with.
  func open(
    store: String?, request: RecommendationRequest, probabilities: Bool
  ) throws -> any RecommendationSink {
    if let into, let store {
      let table = try RecommendationTable(
        into, in: InteractionStore.open(URL(fileURLWithPath: store)), request: request.text, resuming: resume)
      return RecommendationTableSink(table: table)
    }
    guard let output, let format = RecommendationText.Format(path: output) else {
      let text = RecommendationText(format: json ? .jsonLines : .csv, probabilities: probabilities)
      return RecommendationTextSink(sink: try TextSink(nil), text: text)
    }
    let file = try GrowingFile(URL(fileURLWithPath: output), request: request.text, resuming: resume)
    return RecommendationTextSink(
      sink: TextSink(growing: file), text: RecommendationText(format: format, probabilities: probabilities))
  }
}
