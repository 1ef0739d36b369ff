import Comparison
import Evaluation
import Foundation
import Testing

/// Every pooling on its way from the training to a user's list.
@Suite(.tags(.slow)) struct PoolingCommandTests {
  static let poolings = [
    "tail", "cls", "mean", "max", "meanSqrtLength", "lastK:3", "recencyWeighted", "recencyWeighted:0.8", "attention",
    "tail+mean",
  ]
  /// Those that learn something of their own.
  static let learning: Set = ["recencyWeighted", "attention", "tail+mean"]

  /// A comparison of all of them, made once.
  private struct Made {
    let folder: TemporaryFolder
    let record: ComparisonRecord
  }

  private static let made = Task {
    let folder = try TemporaryFolder()
    for words in [
      ["synthesize", "log.csv", "--users", "90", "--items", "40", "--clusters", "4", "--length", "9"],
      [
        "compare", "log.csv", "--poolings", poolings.joined(separator: ","), "--seeds", "1", "--output", "compared",
        "--set", "model.hidden=16", "--set", "model.layers=1", "--set", "stages.0.epochs=1", "--set",
        "stages.1.epochs=2",
      ],
    ] {
      let outcome = try await TypedCommand(words, in: folder.url).finish(within: .seconds(300))
      if outcome.status != 0 { throw TrainedModel.Unmade(words: words, errors: outcome.errors) }
    }
    let record = try RecordFile.read(
      ComparisonRecord.self, from: folder.url.appendingPathComponent("compared/results.json"))
    return Made(folder: folder, record: record)
  }

  private static func directory(of pooling: String) -> String {
    "compared/runs/\(pooling.replacingOccurrences(of: ":", with: "-"))-seed-1"
  }

  /// What was evaluated before saving is what comes back from the disk, to the last bit.
  @Test(arguments: poolings) func theSavedModelIsTheTrainedOne(pooling: String) async throws {
    let the = try await Self.made.value
    let model = Self.directory(of: pooling)
    let evaluated = try await TypedCommand(
      ["evaluate", model, "--log", "log.csv", "--json"], in: the.folder.url
    ).finish(within: .seconds(120))
    #expect(evaluated.status == 0, "\(evaluated.errors)")
    let report = try JSONDecoder().decode(EvaluationReport.self, from: Data(evaluated.output.utf8))
    let trained = try #require(the.record.variants.first { $0.name == pooling }?.runs.first)
    #expect(report.model?.results == trained.results)
    #expect(the.folder.text("\(model)/cloze.json")?.contains("\"pooling\" : \"\(pooling)\"") == true)
    let weights = the.folder.url.appendingPathComponent("\(model)/pooling.safetensors").path
    #expect(FileManager.default.fileExists(atPath: weights) == Self.learning.contains(pooling))
  }

  @Test(arguments: poolings) func theSavedModelRecommends(pooling: String) async throws {
    let the = try await Self.made.value
    let model = Self.directory(of: pooling)
    let outcome = try await TypedCommand(
      ["recommend", model, "--log", "log.csv"], in: the.folder.url
    ).finish(within: .seconds(120))
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lists = Recommended.byUser(outcome.output)
    #expect(lists.count == 90)
    #expect(
      lists.values.allSatisfy { list in Set(list.map(\.item)).count == 10 && list.allSatisfy { $0.score.isFinite } })
    // The pooled vector depends on the history, though after so short a training the order may not.
    #expect(Set(lists.values.map { $0.map(\.score) }).count > 1)
  }

  /// The pooling is a key like any other, so a plain training takes it too.
  @Test(arguments: ["cls", "recencyWeighted:0.8", "tail+mean"]) func trainTakesItAsAKey(pooling: String) async throws {
    let the = try await Self.made.value
    let name = "trained-\(pooling)"
    let outcome = try await TypedCommand(
      [
        "train", "log.csv", "--model", name, "--recipe", "pooled", "--set", "model.pooling=\(pooling)", "--set",
        "model.hidden=16", "--set", "model.layers=1", "--set", "stages.0.epochs=1", "--set", "stages.1.epochs=1",
      ], in: the.folder.url
    ).finish(within: .seconds(120))
    #expect(outcome.status == 0, "\(outcome.errors)")
    let evaluated = try await TypedCommand(
      ["evaluate", name, "--log", "log.csv", "--json"], in: the.folder.url
    ).finish(within: .seconds(120))
    #expect(evaluated.status == 0, "\(evaluated.errors)")
  }
}
