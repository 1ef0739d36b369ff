import Foundation
import Testing

@Suite struct InterruptionTests {
  /// A folder with a small log in it.
  private static func folderWithLog() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let made = try await TypedCommand.run("synthesize", "log.csv", "--users", "60", in: folder.url)
    #expect(made.status == 0)
    return folder
  }

  private static let small = ["--set", "model.hidden=8", "--set", "model.heads=1", "--set", "model.layers=1"]

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func theFirstSignalEndsTrainingWithAUsableModel(signal: Int32) async throws {
    let folder = try await Self.folderWithLog()
    let training = try TypedCommand(
      ["train", "log.csv", "--model", "model", "--progress", "--recipe", "causal", "--set", "stages.0.epochs=100000"]
        + ["--set", "stages.0.patience=100000"] + Self.small, in: folder.url)
    let outcome = try await training.finish { running in
      try await running.send(signal, once: "epoch 1: loss")
    }
    #expect(outcome.status == 130)
    #expect(outcome.errors.contains("stopping, as soon as the weights so far are validated and written"))
    #expect(outcome.errors.contains("cloze: training was stopped; the best model so far is in"))
    let page = try await TypedCommand.run("report", "model", in: folder.url)
    #expect(page.status == 0)
    let evaluated = try await TypedCommand.run("evaluate", "model", "--log", "log.csv", in: folder.url)
    #expect(evaluated.status == 0)
    #expect(evaluated.output.contains("NDCG@10"))
  }

  /// It waits in a read that a handled signal does not end.
  @Test(arguments: [
    ["check", "pipe"], ["import", "pipe", "--store", "new.sqlite"], ["evaluate", "--log", "pipe"],
    ["train", "pipe", "--model", "new"],
  ])
  func theFirstSignalEndsACommandThatWaitsForAPipe(words: [String]) async throws {
    let folder = try await Self.folderWithLog()
    #expect(mkfifo(folder.url.appendingPathComponent("pipe").path, 0o600) == 0)
    let outcome = try await TypedCommand(words, in: folder.url).finish(within: .seconds(20)) { running in
      try await Task.sleep(for: .seconds(1))
      kill(running.identifier, SIGINT)
    }
    #expect(outcome.status == 130, "\(outcome.errors)")
  }

  /// Ctrl-C ends both sides of a pipe: what was read until then is no log, however the other side ends it.
  @Test(arguments: [["check", "-"], ["import", "-", "--store", "new.sqlite"]])
  func aPipeThatTheSignalEndsIsNotTheWholeLog(words: [String]) async throws {
    let folder = try await Self.folderWithLog()
    let outcome = try await TypedCommand.shell(
      """
      mkfifo pipe; cloze \(words.joined(separator: " ")) < pipe & exec 9> pipe; cat log.csv >&9; sleep 1
      kill -INT $!; exec 9>&-; wait $!; echo $?; ls
      """, in: folder.url, timeout: .seconds(30))
    #expect(outcome.output.hasPrefix("130\n"), "\(outcome.output) \(outcome.errors)")
  }

  /// A command that takes its time and watches no signals, and shell words that wait until it takes them.
  private static let long = "cloze synthesize long.csv --users 5000000"
  private static func wait(for process: String) -> String {
    "while ! grep -Eq 'SigCgt:.*[4-7c-f][0-9a-f]{3}$' /proc/\(process)/status; do sleep 0.01; done"
  }

  @Test(arguments: ["INT", "TERM", "HUP"])
  func aCommandThatDoesNotWatchEndsAtOnce(signal: String) async throws {
    let outcome = try await TypedCommand.shell(
      "\(Self.long) & \(Self.wait(for: "$!")); kill -\(signal) $!; wait $!; echo $?", timeout: .seconds(30))
    #expect(outcome.output == "130\n")
    #expect(outcome.errors.isEmpty)
  }

  /// What nohup starts outlives its terminal.
  @Test func anIgnoredHangupStaysIgnored() async throws {
    let outcome = try await TypedCommand.shell(
      """
      trap '' HUP; \(Self.long) & \(Self.wait(for: "$!")); kill -HUP $!; sleep 0.3; kill -TERM $!; wait $!; echo $?
      """, timeout: .seconds(30))
    #expect(outcome.output == "130\n")
    #expect(outcome.errors.isEmpty)
  }

  /// The system spares process 1, as programs in containers are, what it has no handler for.
  @Test(arguments: ["INT", "TERM", "HUP"]) func processOneTakesSignalsToo(signal: String) async throws {
    if try await TypedCommand.shell("unshare --pid --fork true").status != 0 { return }
    let outcome = try await TypedCommand.shell(
      """
      unshare --pid --fork \(Self.long) & parent=$!
      while [ -z "$child" ]; do child=$(cat /proc/$parent/task/$parent/children); done; child=${child% }
      \(Self.wait(for: "$child")); kill -\(signal) $child; wait $parent; echo $?
      """, timeout: .seconds(30))
    #expect(outcome.output == "130\n")
  }

  @Test func withoutATerminalOnlyNotesAreSaid() async throws {
    let folder = try await Self.folderWithLog()
    let training = try TypedCommand(
      ["train", "log.csv", "--model", "model", "--recipe", "causal", "--set", "stages.0.epochs=1"] + Self.small,
      in: folder.url)
    let outcome = try await training.finish()
    #expect(outcome.status == 0)
    #expect(outcome.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("cloze: ") && !$0.contains("epoch 1") })
    #expect(outcome.output.contains("validation"))
  }

  @Test func aMissingLogIsAFailureAndLeavesNothing() async throws {
    let folder = try TemporaryFolder()
    let outcome = try await TypedCommand.run("train", "nowhere.csv", "--model", "model", in: folder.url)
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("cloze: "))
    #expect(outcome.errors.contains("nowhere.csv"))
    #expect(!FileManager.default.fileExists(atPath: folder.url.appendingPathComponent("model").path))
  }
}
