import ArgumentParser
import Collectives
import DurableFiles
import Evaluation
import Foundation
import Interactions
import Kernels
import ModelFiles
import Recommending

/// A command that computes with the other processes of its launcher; process 0 writes and says all there is.
protocol ComputesTogether {}

/// The processes that `mpirun` or `srun` started together with this one; this one alone where there are no others.
enum LaunchedProcesses {
  private static let launcher = Launcher.detected(in: ProcessInfo.processInfo.environment)

  /// All of them; joins the others when first used.
  static let all: any Processes = {
    #if MPI
      if launcher != nil { return MPIProcesses() }
    #endif
    return OneProcess()
  }()

  /// Whether results and messages are this process's to write.
  static var isFirst: Bool { launcher == nil || all.rank == 0 }
  static var host: String { ProcessInfo.processInfo.hostName }

  /// Processes that a launcher started together would all write the same files, unless each has its own part or they share
  /// the work.
  static func check(_ command: any ParsableCommand) throws {
    let recommends = command as? RecommendCommand
    let isApart = command is InfoCommand || recommends?.output.shard != nil && recommends?.sharding.shardItems == false
    guard let launcher, !isApart else { return }
    let name = type(of: command)._commandName
    let found =
      "\(launcher.command) started \(launcher.processes) processes of `cloze \(name)`, and each would do all of the "
    guard command is any ComputesTogether else {
      throw ValidationError(found + "work and write the same files; start one, without \(launcher.command).")
    }
    #if !MPI
      throw ValidationError(
        found
          + "work, because this cloze was built without MPI; build it with `swift build -c release --traits MPI`, or "
          + "start one, without \(launcher.command).")
    #endif
  }

  /// Makes sure that all processes have the same model and the same of everything in `facts`; where they have not, every
  /// one throws the same error.
  static func agree(model: ModelDirectory.Loaded, _ facts: [(name: String, value: String)]) throws(Disagreement) {
    let own =
      [
        ("program", "\(Program.name) \(Program.version)"), ("level of instructions", Processor.level.name),
        ("model", model.fingerprint),
      ] + facts
    let all = [("settings", own.map(\.0).joined(separator: ", "))] + own
    try self.all.agree(
      on: all.map {
        SharedFact(
          $0, $1,
          advice:
            "give all of them the same command, model, log and program, and where the level differs the lowest by CLOZE_CPU"
        )
      }, host: host)
  }

  /// Before the process ends with `code`: waits for the others where all is well, and ends them where it is not.
  static func leave(_ code: Int32) {
    #if MPI
      guard let processes = launcher.map({ _ in all }) as? MPIProcesses, processes.count > 1 else { return }
      if code == 0 { processes.finish() } else { processes.abort(code) }
    #endif
  }

  /// Who speaks, before a message of a process that is not the first; what all of them found is said by the first.
  static func prefix() -> String {
    if isFirst { return "" }
    Thread.sleep(forTimeInterval: 0.5)
    return "process \(all.rank) on \(host): "
  }
}

/// The parts of one file of recommendations, one per process, in its folder until they are joined.
struct LaunchedParts {
  let whole: URL
  /// `[processes]` such as `.next.part-1-of-4.csv`.
  let files: [URL]

  init(of whole: URL, count: Int) {
    self.whole = whole
    let name = whole.deletingPathExtension().lastPathComponent
    files = (1...count).map {
      whole.deletingLastPathComponent().appendingPathComponent(".\(name).part-\($0)-of-\(count).\(whole.pathExtension)")
    }
  }

  /// Writes the whole file, all or nothing, then takes the parts away.
  func merge() throws {
    try ShardMerge(files).write(to: whole)
    for file in files {
      try? FileManager.default.removeItem(at: file)
      try? FileManager.default.removeItem(at: ShardManifest.url(of: file))
    }
  }
}
