import Evaluation
import Foundation
import Testing
import Training

/// Going on from a model, as a person types it.
@Suite struct TrainFromTests {
  @Test func aModelGoesOnWithItemsItHasNeverSeen() async throws {
    let the = try await TrainedModel.shared.value
    let known = try the.items().count
    let outcome = try await the.run(
      "train", "other.csv", "--model", "next", "--from", "model", "--new-items", "neighbors", "--freeze", "encoder",
      "--new-row-rate", "3", "--set", "stages.0.epochs=1", "--progress")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let record = try RunRecord.read(in: the.folder.url.appendingPathComponent("next"))
    let start = try #require(record.start)
    #expect(start.from.hasSuffix("/model") && start.rows == known + 5)
    #expect(start.knownItems! + start.newItems == record.log.items && start.newItems > 0)
    #expect(
      outcome.errors.contains("of the log's items \(start.knownItems!) are known, \(start.newItems) are new rows"))
    guard case .object(let configuration) = record.configuration, case .object(let model)? = configuration["model"],
      case .array(let stages)? = configuration["stages"], case .object(let stage)? = stages.first,
      case .object(let rates)? = stage["rates"]
    else {
      Issue.record("\(record.configuration)")
      return
    }
    #expect(model["hidden"] == .integer(16) && model["layers"] == .integer(1), "the checkpoint's sizes")
    #expect(rates["blocks"] == .integer(0) && rates["embeddings"] == .integer(0) && rates["newRows"] == .integer(3))
    let lists = try await the.run("recommend", "next", "--log", "other.csv")
    #expect(lists.status == 0, "\(lists.errors)")
    let again = try await the.run(
      "train", "other.csv", "--model", "again", "--from", "next", "--set", "model.hidden=32", "--set", "model.heads=4")
    #expect(again.status == 1)
    #expect(
      again.errors.contains(
        "model.hidden is 32, but the checkpoint has 16, and its weights fit no other; leave model.hidden out"))
  }

  @Test(arguments: [
    (["--freeze", "encoder"], 2, "--freeze needs a model to fine-tune from; give --from DIR, too"),
    (["--new-row-rate", "2"], 2, "--new-row-rate needs a model to fine-tune from; give --from DIR, too"),
    (["--new-items", "random"], 2, "--new-items needs a model to fine-tune from; give --from DIR, too"),
    (["--extend-positions"], 2, "--extend-positions needs a model to fine-tune from; give --from DIR, too"),
    (["--from", "nowhere"], 2, "“start.from” cannot be used: there is no model at"),
    (["--from", "model", "--set", "model.length=300"], 1, "positions where 300 are wanted"),
  ]) func saysWhatCannotBeGoneOnFrom(words: [String], status: Int, text: String) async throws {
    let the = try await TrainedModel.shared.value
    let outcome = try await TypedCommand(["train", "log.csv", "--model", "none"] + words, in: the.folder.url).finish()
    #expect(outcome.status == Int32(status))
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
    #expect(the.folder.text("none/cloze.json") == nil)
  }
}
