import Comparison
import Evaluation
import Foundation
import Interactions
import Testing
import Training

/// What a model remembers of the log it was trained on, as a user types it.
@Suite struct RememberedLogTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ words: String...) async throws -> TypedCommand.Outcome {
    try await TypedCommand(words, in: folder.url).finish(within: .seconds(120))
  }

  /// Events of users in `range` who walk in a ring of ten items, `length` steps from step `start` on; five of them are
  /// views, the rest purchases.
  private func events(_ range: Range<Int>, from start: Int = 0, length: Int = 7, items: Int = 10) -> String {
    let rows = range.flatMap { user in
      (start..<start + length).map { step in
        "\(user),item \((user + step) % items),\(1_700_000_000 + step * 86_400 + user),\(step % 2 == 0 ? "view" : "buy")"
      }
    }
    return "user,item,time,event\n" + rows.joined(separator: "\n") + "\n"
  }

  private static let tiny = ["--hidden", "8", "--layers", "1", "--epochs", "1"]

  private func train(_ log: String, _ words: String...) async throws -> TypedCommand.Outcome {
    let outcome = try await TypedCommand(
      ["train", log, "--model", "model"] + words + Self.tiny, in: folder.url
    ).finish(within: .seconds(120))
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome
  }

  @Test func aLogIsTakenAsItsModelWasTrained() async throws {
    _ = try folder.file("log.csv", events(0..<30))
    let trained = try await train(
      "log.csv", "--columns", "user=user,item=item,time=time,kind=event", "--where", "event=buy", "--min-item-events",
      "2", "--split", "global-time", "--test-from", "0.6", "--json")
    let record = try JSONDecoder().decode(RunRecord.self, from: Data(trained.output.utf8))
    let provenance = try #require(record.provenance)
    #expect(provenance.rows.read == 210 && provenance.rows.used == 90 && provenance.rows.leftOut == 120)
    #expect(provenance.readings.map(\.file) == ["log.csv"] && provenance.size.events == 90)

    let evaluated = try await run("evaluate", "model", "--log", "log.csv", "--json")
    #expect(evaluated.status == 0, "\(evaluated.errors)")
    #expect(
      evaluated.errors.contains(
        "log.csv: taken as model was trained: --columns user=user,item=item,time=time,kind=event --where event=buy "
          + "--min-item-events 2"), "\(evaluated.errors)")
    #expect(evaluated.errors.contains("cut as model was trained: global time: events from "), "\(evaluated.errors)")
    let report = try JSONDecoder().decode(EvaluationReport.self, from: Data(evaluated.output.utf8))
    #expect(report.provenance == provenance)
    #expect(report.model?.warnings.contains { $0.kind == .trainedOtherwise } == false)

    let lists = try await run("recommend", "model", "--log", "log.csv", "--where", "event=buy", "--top", "1")
    #expect(lists.status == 0 && lists.lines.count == 31, "\(lists.errors)")
    let kept = try await run("recommend", "model", "--log", "log.csv", "--top", "2", "--output", "next.csv", "--json")
    #expect(kept.status == 0, "\(kept.errors)")
    let written = try #require(
      try JSONSerialization.jsonObject(with: Data(kept.output.utf8)) as? [String: Any], "\(kept.output)")
    #expect(
      written["users"] as? Int == 30 && written["rows"] as? Int == 60 && written["place"] as? String == "next.csv")
    #expect((written["provenance"] as? [String: Any])?["rows"] != nil)
  }

  @Test func whatContradictsTheModelIsRefused() async throws {
    _ = try folder.file("log.csv", events(0..<30))
    _ = try await train("log.csv", "--columns", "user=user,item=item,time=time", "--where", "event=view")
    for words in [
      ["recommend", "model", "--log", "log.csv"], ["evaluate", "model", "--log", "log.csv"],
      ["explain", "model", "--log", "log.csv", "--user", "3"],
      ["embed", "model", "--log", "log.csv", "--users-to", "u.npy"],
    ] {
      let refused = try await TypedCommand(words + ["--where", "event=buy"], in: folder.url).finish()
      #expect(refused.status == 1)
      #expect(
        refused.errors.hasSuffix(
          "cloze: model was trained with --where event=view, not with --where event=buy; leave it out, train again, or "
            + "take the log as given with --force\n"), "\(refused.errors)")
    }
    // An option that changes nothing contradicts nothing.
    let same = try await run("recommend", "model", "--log", "log.csv", "--min-user-events", "2", "--top", "1")
    #expect(same.status == 0, "\(same.errors)")

    let split = try await run("evaluate", "model", "--log", "log.csv", "--split", "new-users")
    #expect(split.status == 1)
    #expect(
      split.errors.contains(
        "cloze: model was trained with the split “leave-one-out: each user's last item is the test, the one before it the "
          + "validation”, so under “new users: "), "\(split.errors)")
    #expect(split.errors.hasSuffix("leave --split out, train again with it, or evaluate all the same with --force\n"))
    let forced = try await run(
      "evaluate", "model", "--log", "log.csv", "--split", "new-users", "--new-user-share", "0.6", "--force")
    #expect(
      forced.status == 0 && forced.output.contains("the model was trained with another split"), "\(forced.errors)")
    let given = try await run("evaluate", "model", "--log", "log.csv", "--split", "leave-one-out")
    #expect(given.status == 0, "\(given.errors)")
  }

  @Test func aStoreMayGrow() async throws {
    _ = try folder.file("day1.csv", events(0..<40))
    _ = try folder.file("day2.csv", events(0..<42, from: 7, length: 2, items: 11))
    _ = try folder.file("other.csv", events(0..<40, from: 1))
    func fill(_ store: String, _ logs: String...) async throws {
      for log in logs {
        let outcome = try await run("import", log, "--store", store)
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
    }
    try await fill("shop.sqlite", "day1.csv")
    try await fill("other.sqlite", "other.csv", "day2.csv")
    _ = try await train("shop.sqlite", "--min-item-events", "2", "--split", "new-users", "--new-user-share", "0.6")
    try await fill("shop.sqlite", "day2.csv")

    let grown =
      "cloze: shop.sqlite: since model was trained: 84 new events, 2 new users, 1 new item that the model does "
    let lists = try await run("recommend", "model", "--store", "shop.sqlite", "--top", "1")
    #expect(lists.status == 0 && lists.lines.count == 43, "\(lists.errors)")
    #expect(lists.errors.contains(grown), "\(lists.errors)")
    let evaluated = try await run("evaluate", "model", "--store", "shop.sqlite", "--json")
    #expect(evaluated.status == 0 && evaluated.errors.contains(grown), "\(evaluated.errors)")
    let report = try JSONDecoder().decode(EvaluationReport.self, from: Data(evaluated.output.utf8))
    #expect(report.model?.warnings.contains { $0.kind == .trainedOtherwise } == false)
    #expect(report.provenance?.imports == 2 && report.provenance?.readings.count == 2)

    let other = try await run("recommend", "model", "--store", "other.sqlite")
    #expect(other.status == 1)
    #expect(
      other.errors.contains("cloze: model was trained on another log: 40 users then, 42 here; "), "\(other.errors)")
    let contrary = try await run("recommend", "model", "--store", "shop.sqlite", "--min-item-events", "1")
    #expect(contrary.status == 1)
    #expect(contrary.errors.contains("trained with --min-item-events 2, not with --min-item-events 1"))
    let options = try await run("evaluate", "--store", "shop.sqlite", "--where", "event=buy")
    #expect(options.status == 2)
    #expect(
      options.errors.contains(
        "shop.sqlite is a store, whose events were read when they were imported; give --where event=buy to `cloze import`"
      ))
  }
}

/// Folds in files of their own, as a user types them.
@Suite struct OwnFoldsCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (name, steps) in [("t.csv", 0..<6), ("v.csv", 6..<7), ("e.csv", 7..<8)] {
      let rows = (0..<30).flatMap { user in steps.map { "\(user),item \((user + $0) % 10),\(1_700_000_000 + $0)" } }
      _ = try folder.file(name, "user,item,time\n" + rows.joined(separator: "\n") + "\n")
    }
  }

  private func run(_ words: String...) async throws -> TypedCommand.Outcome {
    try await TypedCommand(words, in: folder.url).finish(within: .seconds(120))
  }

  @Test func areTrainedOnAndRemembered() async throws {
    let trained = try await run(
      "train", "--train", "t.csv", "--validation", "v.csv", "--test", "e.csv", "--model", "model", "--hidden", "8",
      "--layers", "1", "--epochs", "1")
    #expect(trained.status == 0, "\(trained.errors)")
    let next = trained.errors.split(separator: "\n").first { $0.hasPrefix("cloze: to evaluate it: ") }
    #expect(next == "cloze: to evaluate it: cloze evaluate model --train t.csv --validation v.csv --test e.csv")
    let evaluated = try await run(
      "evaluate", "model", "--train", "t.csv", "--validation", "v.csv", "--test", "e.csv", "--json")
    #expect(evaluated.status == 0, "\(evaluated.errors)")
    let report = try JSONDecoder().decode(EvaluationReport.self, from: Data(evaluated.output.utf8))
    #expect(report.model?.protocol.cases == 30 && report.model?.protocol.log.events == 240)
    #expect(report.model?.warnings.contains { $0.kind == .trainedOtherwise } == false)
    #expect(report.provenance?.readings.map(\.file) == ["t.csv", "v.csv", "e.csv"])
    let other = try await run("evaluate", "model", "--train", "t.csv", "--test", "e.csv")
    #expect(other.status == 1 && other.errors.contains("model was trained on another log: 240 events then, 210 here"))
    let one = try await run("evaluate", "model", "--log", "t.csv", "--force")
    #expect(one.status == 1)
    #expect(one.errors.contains("give those files with --train, --validation and --test"), "\(one.errors)")
  }

  @Test(arguments: [
    (["--train", "t.csv"], "folds of your own need --train and --test; give both"),
    (["--train", "t.csv", "--test", "e.csv", "--log", "t.csv"], "--log and --train exclude each other"),
    (
      ["--train", "t.csv", "--test", "e.csv", "--split", "new-users"],
      "--split cuts one log, and these are folds already"
    ),
    (["--log", "t.csv", "--split", "own-folds"], "folds of your own are files: give --train, --test"),
    ([], "no log; give --log, or your own folds with --train and --test"),
    (["--train", "t.csv", "--test", "e.csv", "--min-user-events", "3"], "would move the bounds of your folds"),
    (["--log", "t.csv", "--since", "yesterday"], "--since “yesterday” is no date or time; write it as 2024-05-01"),
  ]) func badUsageIsSaid(words: [String], text: String) async throws {
    let outcome = try await TypedCommand(["evaluate"] + words, in: folder.url).finish()
    #expect(outcome.status == 2 && outcome.errors.contains(text), "\(outcome.errors)")
  }
}
