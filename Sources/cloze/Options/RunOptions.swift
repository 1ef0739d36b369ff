import ArgumentParser
import Collectives
import Foundation
import Kernels
import ModelFiles
import Training

/// How many threads a command uses; results do not depend on it.
struct ThreadOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      The number of threads that compute; that of the processors if not given. Results do not depend on it. The parts of a \
      log file are parsed by all processors, up to 8.
      """)
  var threads: Int?

  var workers: Workers { Workers(threads: threads ?? ProcessInfo.processInfo.activeProcessorCount) }

  func validate() throws { try require(threads, in: 1...1_024, "--threads") }
}

/// Whether processes that score together share the items or the users.
struct ItemShardOptions: ParsableArguments {
  @Flag(
    help: """
      Under mpirun or srun: each process reads and scores its part of the item table only, for catalogs that no machine \
      holds alone. The result is the same.
      """)
  var shardItems = false
}

/// How the state of a training is saved while it runs, and resumed.
struct ResumeOptions: ParsableArguments {
  @Flag(help: "Resume the training of this model that was killed or stopped, if there is one.")
  var resume = false
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Save the state of the training every so many seconds, so that a killed one can be resumed; less often where that \
      would cost more than a twentieth of the time. Ctrl-C always saves it.
      """,
      valueName: "seconds"))
  var keepEvery = 60.0

  func validate() throws { try require(keepEvery, in: 0...1e9, "--keep-every", "expected seconds") }

  /// The checkpoints of the training of the model at `url`; what is left of an earlier one is said.
  func checkpoints(of job: some ModelJob, for url: URL, _ progress: Progress) throws -> CheckpointWriter {
    let checkpoints = try job.checkpoints(for: url, resuming: resume, every: .seconds(keepEvery))
    if resume && checkpoints.state == nil {
      progress.note(
        "there is no unfinished training of \(url.lastPathComponent) to resume: starting from the beginning")
    } else if !resume && checkpoints.checkpoint.exists {
      progress.note(
        "an unfinished training of \(url.lastPathComponent) is at \(checkpoints.checkpoint.url.path) and will be replaced; stop this "
          + "one now and use --resume to continue it")
    }
    return checkpoints
  }
}

extension ModelJob {
  /// Trains, saves and writes as a command does; under a launcher with the other processes, of which the first one writes.
  ///
  /// - Returns: what there is to say; nil in all processes but the first.
  func train(
    into url: URL, resuming: ResumeOptions, lines: TrainingLines
  ) throws -> (outcome: TrainingOutcome<Model>, record: Record)? {
    let processes = LaunchedProcesses.all
    try agree(with: processes, host: LaunchedProcesses.host)
    guard LaunchedProcesses.isFirst else {
      let outcome = try train(
        checkpoints: nil, processes: processes, shouldStop: { Interruption.requested }, observe: { _ in })
      support(outcome)
      processes.wait()
      return nil
    }
    let checkpoints = try resuming.checkpoints(of: self, for: url, lines.progress)
    let trained = try train(
      into: url, checkpoints: checkpoints, processes: processes, shouldStop: { Interruption.requested },
      observe: { lines.show($0) })
    processes.wait()
    lines.progress.finish()
    return trained
  }
}

extension EncoderJob {
  /// Trains as a command does, and says what there is to say.
  ///
  /// - Parameter what: what is done, for a sentence.
  func train(
    as what: String, into url: URL, resuming: ResumeOptions, lines: TrainingLines, json: Bool
  ) throws {
    guard let (outcome, record) = try train(into: url, resuming: resuming, lines: lines) else { return }
    try TrainingLines.conclude(what, outcome.history, record, model: url.path, json: json)
  }
}

extension ModelDirectory {
  /// The model at `path`; where nothing vouches for its files, that is said.
  ///
  /// - Parameter shardsItems: whether each of the processes that run together reads its rows of the item table only.
  static func load(
    _ path: String, workers: Workers, shardsItems: Bool = false, _ progress: Progress
  ) throws -> Loaded {
    let loaded = try load(
      URL(fileURLWithPath: path), workers: workers, spreadOver: shardsItems ? LaunchedProcesses.all : nil)
    if !loaded.isVerified { progress.note(unverified(path)) }
    return loaded
  }

  static func unverified(_ path: String) -> String {
    "\(path) is unverified: it has no checksums, which Hugging Face and version 0.1 do not write, so damage goes unnoticed"
  }
}
