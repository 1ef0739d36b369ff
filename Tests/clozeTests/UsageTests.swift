import Evaluation
import Testing

@Suite struct UsageTests {
  @Test func helpGoesToStdoutAndEndsWell() async throws {
    for words in [["--help"], ["help"], []] {
      let help = try await TypedCommand(words).finish()
      #expect(help.status == 0)
      #expect(help.output.contains("USAGE: cloze <subcommand>"))
      #expect(help.errors.isEmpty)
    }
  }

  @Test func theVersionIsTheOneInTheRecords() async throws {
    let version = try await TypedCommand.run("--version")
    #expect(version.output == "cloze \(Program.version)\n")
    #expect(version.status == 0)
  }

  @Test func anUnknownFlagIsBadUsage() async throws {
    let outcome = try await TypedCommand.run("--frobnicate")
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("Unknown option '--frobnicate'"))
  }

  @Test func anUnknownCommandIsBadUsageAndTheNearestIsNamed() async throws {
    let outcome = try await TypedCommand.run("reprot")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("There is no command “reprot”; did you mean “report”?"))
    let other = try await TypedCommand.run("frobnicate")
    #expect(other.errors.contains("There is no command “frobnicate”.\n"))
  }

  @Test func oneOfSeveralProcessesIsBadUsage() async throws {
    let outcome = try await TypedCommand.shell(
      "OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_RANK=1 cloze synthesize log.csv; echo $?; ls log.csv")
    #expect(outcome.lines == ["2"])
    #expect(
      outcome.errors.contains("mpirun started 4 processes of `cloze synthesize`, and each would do all of the work"))
    let info = try await TypedCommand.shell("SLURM_STEP_NUM_TASKS=2 SLURM_PROCID=0 cloze info")
    #expect(info.status == 0)
  }

  @Test func aReaderThatHasSeenEnoughEndsItQuietly() async throws {
    let outcome = try await TypedCommand.shell("cloze --help | head -n 1")
    #expect(outcome.status == 0)
    #expect(outcome.lines.count == 1)
    #expect(outcome.errors.isEmpty)
  }

  @Test func aRecipeIsSaidOnce() async throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("log.csv", "user,item\na,x\na,y\na,z\n")
    _ = try folder.file("sasrec.yaml", "recipe: sasrec\n")
    func train(_ words: String...) async throws -> TypedCommand.Outcome {
      try await TypedCommand(["train", "log.csv", "--model", "model"] + words, in: folder.url).finish()
    }
    let both = try await train("--recipe", "causal", "--config", "sasrec.yaml")
    #expect(both.status == 2)
    #expect(both.errors.contains("--recipe causal, but sasrec.yaml says recipe: sasrec; leave one out"))
    let key = try await train("--set", "recipe=causal")
    #expect(key.status == 2)
    #expect(key.errors.contains("name it by --recipe or in the file"))
  }

  @Test func anUnknownKeyIsBadUsageAndTheNearestOneIsNamed() async throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("log.csv", "user,item\na,x\na,y\na,z\n")
    let outcome = try await TypedCommand.run(
      "train", "log.csv", "--model", "model", "--set", "model.hiden=8", in: folder.url)
    #expect(outcome.status == 2)
    #expect(outcome.errors == "cloze: unknown key “model.hiden”; did you mean “model.hidden”?\n")
    #expect(folder.text("model/config.json") == nil)
  }
}
