import Testing

@Suite struct ShardCommandTests {
  @Test func partsOfALauncherAreJoinedToTheWholeRun() async throws {
    let the = try await TrainedModel.shared.value
    let whole = try await the.run("recommend", "model", "--log", "log.csv", "--exclude-seen")
    let parts = try await TypedCommand.shell(
      """
      export SLURM_STEP_NUM_TASKS=4
      for i in 0 1 2 3; do
        SLURM_PROCID=$i cloze recommend model --log log.csv --exclude-seen --shard $((i + 1))/4 --output part-$i.csv || exit
      done
      """, in: the.folder.url)
    #expect(parts.status == 0, "\(parts.errors)")
    let merged = try await TypedCommand.shell("cloze merge part-?.csv --output joined.csv", in: the.folder.url)
    #expect(merged.status == 0 && merged.errors == "cloze: joined 4 shards to joined.csv\n", "\(merged.errors)")
    #expect(the.folder.text("joined.csv") == whole.output)

    let missing = try await the.run("merge", "part-0.csv", "part-3.csv", "--output", "two.csv")
    #expect(missing.status == 1)
    #expect(missing.errors == "cloze: shards 2, 3 of 4 are missing; name all 4 files\n")
    #expect(the.folder.text("two.csv") == nil)
  }

  @Test func aShardThatCannotBeJoinedIsBadUsage() async throws {
    let the = try await TrainedModel.shared.value
    for (words, text) in [
      (["--shard", "5/4", "--output", "x.csv"], "The value '5/4' is invalid for '--shard <K/N>'"),
      (["--shard", "1/4"], "--shard 1/4 needs a file for `cloze merge`; give --output"),
    ] {
      let outcome = try await TypedCommand(["recommend", "model", "--log", "log.csv"] + words, in: the.folder.url)
        .finish()
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains(text), "\(outcome.errors)")
    }
  }
}
