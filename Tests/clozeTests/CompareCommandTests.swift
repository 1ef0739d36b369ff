import Comparison
import Evaluation
import Foundation
import Testing

/// `cloze compare` as a user types it.
@Suite(.tags(.slow)) struct CompareCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func synthesize(_ process: String, users: Int, items: Int, clusters: Int, length: Int) async throws {
    let made = try await run(
      "synthesize", "log.csv", "--process", process, "--users", "\(users)", "--items", "\(items)", "--clusters",
      "\(clusters)", "--length", "\(length)")
    #expect(made.status == 0, "\(made.errors)")
  }

  private func run(_ words: String...) async throws -> TypedCommand.Outcome {
    try await TypedCommand(words, in: folder.url).finish(within: .seconds(300))
  }

  private static let small = [
    "--set", "model.hidden=16", "--set", "model.layers=1", "--set", "stages.0.epochs=1", "--set", "stages.1.epochs=1",
  ]

  private func results(_ name: String) throws -> ComparisonRecord {
    try RecordFile.read(ComparisonRecord.self, from: folder.url.appendingPathComponent("\(name)/results.json"))
  }

  /// Where the next item depends on the last one alone, a mean over the history only dilutes it.
  @Test func theTailWinsWhereOnlyTheLastItemCounts() async throws {
    try await synthesize("last-item", users: 1_200, items: 60, clusters: 6, length: 25)
    let outcome = try await run(
      "compare", "log.csv", "--poolings", "mean,tail", "--seeds", "1", "--seed", "2", "--output", "poolings", "--set",
      "model.hidden=32", "--set", "model.layers=1", "--set", "stages.0.epochs=10", "--set",
      "stages.0.learningRate.peak=3e-3", "--set", "stages.1.epochs=12", "--set", "stages.1.validateEvery=6", "--set",
      "stages.1.batch=64", "--set", "stages.1.learningRate.peak=1e-3")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let record = try results("poolings")
    #expect(record.verdict.hasPrefix("tail wins by NDCG@10; mean is worse"), "\(record.verdict)")
    #expect(outcome.output.contains(record.verdict))
  }

  /// Where the order says nothing, all items count alike.
  @Test func theMeanWinsWhereTheOrderSaysNothing() async throws {
    try await synthesize("order-free", users: 300, items: 60, clusters: 6, length: 10)
    let outcome = try await run(
      "compare", "log.csv", "--poolings", "tail,mean", "--seeds", "1", "--output", "poolings", "--json", "--set",
      "model.hidden=32", "--set", "stages.0.epochs=4", "--set", "stages.0.learningRate.peak=3e-3", "--set",
      "stages.1.epochs=4", "--set", "stages.1.learningRate.peak=1e-3")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let record = try JSONDecoder().decode(ComparisonRecord.self, from: Data(outcome.output.utf8))
    #expect(record.verdict.hasPrefix("mean wins by NDCG@10; tail is worse"), "\(record.verdict)")
  }

  @Test func whatWasKilledGoesOnAndRepeatsNothing() async throws {
    try await synthesize("mixture", users: 200, items: 40, clusters: 4, length: 9)
    let words =
      ["compare", "log.csv", "--poolings", "tail,cls,lastK:3", "--seeds", "2", "--output", "poolings", "--progress"]
      + Self.small + ["--set", "stages.1.epochs=80"]
    let killed = try await TypedCommand(words, in: folder.url).finish { running in
      try await running.send(SIGKILL, once: "cls, seed 1: NDCG@10")
    }
    #expect(killed.status == 137)
    let first = folder.text("poolings/runs/tail-seed-1/record.json")
    #expect(first != nil)
    let resumed = try await TypedCommand(words, in: folder.url).finish(within: .seconds(120))
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("the shared encoder is there already"))
    let kept = resumed.errors.split(separator: "\n").filter { $0.hasSuffix("(kept)") }
    #expect(kept.count >= 2 && kept[0].hasPrefix("tail, seed 1:") && kept[1].hasPrefix("cls, seed 1:"))
    #expect(folder.text("poolings/runs/tail-seed-1/record.json") == first)
    let record = try results("poolings")
    #expect(record.variants.map(\.name).sorted() == ["cls", "lastK:3", "tail"])
    #expect(record.variants.allSatisfy { $0.runs.map(\.seed) == [1, 2] })
    #expect(folder.text("poolings/results.csv")?.split(separator: "\n").count == 7)
    let page = try #require(folder.text("poolings/report.html"))
    for name in ["tail", "cls", "lastK:3"] { #expect(page.contains(name)) }

    let other = try await TypedCommand(words + ["--set", "model.dropout=0.3"], in: folder.url).finish(
      within: .seconds(120))
    #expect(other.status == 1)
    #expect(other.errors.contains("holds the runs of another comparison: model.dropout 0.1, now 0.3; name another"))
    // Each saved run is a model like any other.
    let scored = try await run(
      "recommend", "poolings/runs/lastK-3-seed-2", "--store", "log.csv", "--output", "next.csv")
    #expect(scored.status == 0, "\(scored.errors)")
    let evaluated = try await run("evaluate", "poolings/runs/cls-seed-1", "--log", "log.csv", "--json")
    let report = try JSONDecoder().decode(EvaluationReport.self, from: Data(evaluated.output.utf8))
    #expect(
      report.model?.results
        == record.variants.first { $0.name == "cls" }?.runs.first?.results)
  }

  @Test func ctrlCEndsWithWhatToDoNext() async throws {
    try await synthesize("mixture", users: 200, items: 40, clusters: 4, length: 9)
    let outcome = try await TypedCommand(
      ["compare", "log.csv", "--poolings", "tail,mean", "--output", "poolings", "--progress"] + Self.small
        + ["--set", "stages.0.epochs=1000000", "--set", "stages.0.patience=0"], in: folder.url
    ).finish { running in
      try await running.send(SIGINT, once: "pretraining the encoder that all variants share")
    }
    #expect(outcome.status == 130)
    #expect(
      outcome.errors.contains("cloze: the comparison was stopped; 0 of 6 runs are in")
        && outcome.errors.contains("and the same command resumes it"))
  }

  @Test func anyKeyCanBeVaried() async throws {
    try await synthesize("mixture", users: 120, items: 40, clusters: 4, length: 9)
    #expect(try await run("import", "log.csv", "--store", "s.sqlite").status == 0)
    let outcome = try await run(
      "compare", "s.sqlite", "--vary", "model.hidden=8,16", "--seeds", "1", "--output", "widths", "--set",
      "stages.0.epochs=1")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let record = try results("widths")
    #expect(record.factor == "model.hidden" && record.variants.map(\.name).sorted() == ["16", "8"])
    #expect(outcome.lines.first?.hasPrefix("model.hidden") == true)
  }

  @Test func severalFactorsMakeAGrid() async throws {
    try await synthesize("mixture", users: 60, items: 40, clusters: 4, length: 9)
    let outcome = try await run(
      "compare", "log.csv", "--vary", "model.hidden=9,8", "--vary", "model.heads=1,3", "--seeds", "1", "--output",
      "grid",
      "--set", "stages.0.epochs=1", "--set", "model.layers=1")
    // Three heads do not divide 8.
    #expect(outcome.status == 2 && outcome.errors.contains("3 heads do not divide a hidden size of 8"))
    let good = try await run(
      "compare", "log.csv", "--vary", "model.hidden=9,12", "--vary", "model.heads=1,3", "--seeds", "1", "--output",
      "grid", "--set", "stages.0.epochs=1", "--set", "model.layers=1")
    #expect(good.status == 0, "\(good.errors)")
    let record = try results("grid")
    #expect(record.factor == "model.hidden × model.heads")
    #expect(
      record.variants.map(\.name).sorted() == [
        "hidden=12 heads=1", "hidden=12 heads=3", "hidden=9 heads=1", "hidden=9 heads=3",
      ])
  }

  @Test(arguments: [
    (["--poolings", "tail"], "1 variant to compare"), (["--poolings", "tail,tail"], "“tail” stands twice"),
    (["--poolings", "tail,men"], "“men” is no pooling; did you mean “mean”?"),
    (["--poolings", "tail,last"], "“last” scores the last item's own state"),
    (["--poolings", "tail,mean", "--recipe", "bert4rec"], "no encoder to share; add --from-scratch"),
    (["--vary", "model.hiden=8,16"], "unknown key “model.hiden”; did you mean “model.hidden”?"), ([], "give one of"),
    (["--vary", "model.hidden=8", "--vary", "model.hidden=16"], "--vary model.hidden is given twice"),
  ])
  func whatCannotBeComparedIsBadUsage(words: [String], text: String) async throws {
    _ = try folder.file("log.csv", "user,item\na,x\na,y\na,z\n")
    let outcome = try await TypedCommand(
      ["compare", "log.csv", "--output", "out"] + words, in: folder.url
    ).finish(within: .seconds(60))
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.url.appendingPathComponent("out").path))
  }

  @Test func aFolderWithOtherFilesIsLeftAlone() async throws {
    try await synthesize("mixture", users: 30, items: 40, clusters: 4, length: 9)
    _ = try folder.file("notes.txt", "mine")
    let outcome = try await run("compare", "log.csv", "--poolings", "tail,mean", "--output", ".")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("holds files but no comparison, so it is left alone"))
  }
}
