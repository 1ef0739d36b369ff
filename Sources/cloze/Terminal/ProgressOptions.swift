import ArgumentParser
import DurableFiles
import Interactions

/// How a long command reports its progress, the same for all of them.
struct ProgressOptions: ParsableArguments {
  @Flag(help: "Say how far the job is in plain lines on stderr, also where no terminal is watching.")
  var progress = false

  @Flag(help: "Say nothing while the job runs.")
  var quiet = false

  func validate() throws {
    if progress && quiet { throw ValidationError("--progress and --quiet exclude each other; give one of them") }
  }

  /// A rewritten line on a terminal, plain lines with `--progress`, silence otherwise.
  func start() -> Progress {
    if quiet { return Progress(.quiet) }
    if progress { return Progress(.lines(interval: .seconds(5))) }
    return Progress(StandardError.isTerminal ? .rewriting(width: StandardError.width) : .quiet)
  }
}

extension ReadingProgress {
  /// `checked 120000 rows (34%)`
  func text(verb: String) -> String {
    "\(verb) \(rows) rows" + (share.map { " (\(Int($0 * 100))%)" } ?? "")
  }
}
