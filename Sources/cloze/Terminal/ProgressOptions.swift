import ArgumentParser
import DurableFiles
import Interactions

/// What a command says beside its result, the same for all of them.
struct ProgressOptions: ParsableArguments {
  @Flag(help: "Report progress in plain lines on stderr, also without a terminal.")
  var progress = false
  @OptionGroup var silence: QuietOptions

  var quiet: Bool { silence.quiet }

  func validate() throws {
    if progress && quiet { throw ValidationError("--progress and --quiet exclude each other; give one of them") }
  }

  /// A rewritten line on a terminal, plain lines with `--progress`, and notes; nothing at all with `--quiet`, and in all
  /// processes of a launcher but the first.
  ///
  /// - Parameter inEveryProcess: whether each process says its notes, because they are of its own part.
  func start(inEveryProcess: Bool = false) -> Progress {
    if quiet || !(inEveryProcess || LaunchedProcesses.isFirst) { return Progress(.quiet, notes: false) }
    if !LaunchedProcesses.isFirst { return Progress(.quiet) }
    if progress { return Progress(.lines(interval: .seconds(5))) }
    return Progress(StandardError.isTerminal ? .rewriting(width: StandardError.width) : .quiet)
  }
}

/// Whether a command says anything beside its result.
struct QuietOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print nothing but the result and errors.")
  var quiet = false
}

extension ReadingProgress {
  /// `checked 120000 rows (34%)`
  func text(verb: String) -> String {
    "\(verb) \(Counted(rows, "row"))" + (share.map { " (\(Int($0 * 100))%)" } ?? "")
  }
}
