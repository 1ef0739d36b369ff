import Foundation
import Testing

/// `cloze train --resume`, as after a power cut.
@Suite struct TrainResumeTests {
  private static let small =
    "--recipe causal --set model.hidden=16 --set model.length=10 --set stages.0.batch=2 --set stages.0.epochs=60"
    + " --set stages.0.patience=0"

  private static func folderWithLog() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let made = try await TypedCommand.run(
      "synthesize", "log.csv", "--users", "100", "--items", "40", "--clusters", "4", "--length", "8", in: folder.url)
    #expect(made.status == 0)
    return folder
  }

  /// Kills a training as soon as it is kept on disk.
  private static func kill(_ model: String, in folder: TemporaryFolder) async throws {
    let killed = try await TypedCommand.shell(
      """
      cloze train log.csv --model \(model) \(small) --keep-every 0 &
      while [ ! -e .\(model).training/state.json ]; do sleep 0.01; done
      kill -9 $!
      """, in: folder.url)
    #expect(killed.status == 0)
    #expect(folder.text("\(model)/record.json") == nil, "it was killed before it was done")
  }

  @Test func whatWasKilledEndsWithTheSameBytes() async throws {
    let folder = try await Self.folderWithLog()
    try await Self.kill("killed", in: folder)
    let other = try await TypedCommand.shell(
      "cloze train log.csv --model killed \(Self.small) --resume --seed 7", in: folder.url)
    #expect(other.status == 1)
    #expect(other.errors.contains(".killed.training: it was begun with seed 1, now 7; give the command"))
    let resumed = try await TypedCommand.shell(
      "cloze train log.csv --model killed \(Self.small) --resume --progress --threads 1", in: folder.url)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("resuming train epoch "))
    #expect(resumed.output.contains(": 60 epochs in "))
    let whole = try await TypedCommand.shell("cloze train log.csv --model whole \(Self.small)", in: folder.url)
    #expect(whole.status == 0)
    let same = try await TypedCommand.shell(
      "cmp killed/model.safetensors whole/model.safetensors && ls -A", in: folder.url)
    #expect(same.status == 0)
    #expect(!same.output.contains("training") && !same.output.contains("partial"), "\(same.output)")
  }

  @Test func aUserWhoBeginsAnewIsToldOfWhatIsThere() async throws {
    let folder = try await Self.folderWithLog()
    try await Self.kill("model", in: folder)
    let anew = try await TypedCommand.shell(
      "cloze train log.csv --model model \(Self.small) --progress", in: folder.url)
    #expect(anew.status == 0)
    #expect(anew.errors.contains("an unfinished training of model is at "))
    #expect(anew.errors.contains("use --resume to continue it"))
    #expect(folder.text(".model.training/state.json") == nil, "the model is there, and nothing is unfinished any more")
    let again = try await TypedCommand.shell(
      "cloze train log.csv --model model \(Self.small) --progress --resume --set stages.0.epochs=1", in: folder.url)
    #expect(again.status == 0)
    #expect(again.errors.contains("there is no unfinished training of model to resume: starting from the beginning"))
  }

  @Test func whatExplodesKeepsTheBestBefore() async throws {
    let folder = try await Self.folderWithLog()
    let steep =
      "--recipe causal --set stages.0.epochs=20 --set stages.0.learningRate.warmup=0.9 --set model.hidden=16"
      + " --set stages.0.optimizer.clip=0 --set stages.0.learningRate.peak"
    let late = try await TypedCommand.shell("cloze train log.csv --model late \(steep)=1000", in: folder.url)
    #expect(late.status == 1)
    #expect(late.errors.contains("the loss stopped being a number in stage train, epoch "))
    #expect(late.errors.contains("; the best weights before that are in "))
    let evaluated = try await TypedCommand.run("evaluate", "late", "--log", "log.csv", in: folder.url)
    #expect(evaluated.status == 0, "\(evaluated.errors)")
    let early = try await TypedCommand.shell(
      "cloze train log.csv --model early \(steep)=1000 --set stages.0.epochs=1 --set stages.0.optimizer.weightDecay=1000000",
      in: folder.url)
    #expect(early.status == 1)
    #expect(early.errors.contains("try a lower learningRate.peak or a smaller optimizer.clip"))
    #expect(try await TypedCommand.shell("ls -A", in: folder.url).output == "late\nlog.best.json\nlog.csv\n")
  }

  @Test func aTimeThatIsNoneIsBadUsage() async throws {
    let outcome = try await TypedCommand.run("train", "log.csv", "--model", "model", "--keep-every=-1")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("--keep-every -1.0: expected seconds from 0.0 to "))
  }
}
