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

  @Test(arguments: [SIGINT, SIGTERM])
  func theFirstSignalEndsTrainingWithAUsableModel(signal: Int32) async throws {
    let folder = try await Self.folderWithLog()
    let training = try TypedCommand(
      ["train", "log.csv", "--model", "model", "--progress", "--recipe", "causal", "--set", "stages.0.epochs=100000"]
        + ["--set", "stages.0.patience=100000"] + Self.small, in: folder.url)
    let outcome = try await training.finish { running in
      try await running.send(signal, once: "epoch 1: loss")
    }
    #expect(outcome.status == 130)
    #expect(outcome.errors.contains("cloze: training was stopped; the best model so far is in"))
    let page = try await TypedCommand.run("report", "model", in: folder.url)
    #expect(page.status == 0)
    let judged = try await TypedCommand.run("evaluate", "model", "--log", "log.csv", in: folder.url)
    #expect(judged.status == 0)
    #expect(judged.output.contains("NDCG@10"))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aCommandThatOnlyWaitsEndsAtOnce(signal: Int32) async throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder.url.appendingPathComponent("record.json").path, 0o600) == 0)
    let outcome = try await TypedCommand(["report", folder.url.path]).finish { $0.send(signal) }
    #expect(outcome.status == 128 + signal)
    #expect(outcome.errors.isEmpty)
  }

  @Test func nobodyWatchingMeansSilence() async throws {
    let folder = try await Self.folderWithLog()
    let training = try TypedCommand(
      ["train", "log.csv", "--model", "model", "--recipe", "causal", "--set", "stages.0.epochs=1"] + Self.small,
      in: folder.url)
    let outcome = try await training.finish()
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
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
