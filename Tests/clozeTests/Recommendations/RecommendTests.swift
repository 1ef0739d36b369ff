import ClozeKit
import Foundation
import Testing

@Suite struct RecommendTests {
  @Test func everybodyGetsTenRowsInOrder() async throws {
    let the = try await TrainedModel.shared.value
    let outcome = try await the.run("recommend", "model", "--log", "log.csv", "--output", "all.csv")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    let csv = the.folder.text("all.csv") ?? ""
    #expect(csv.hasPrefix("user,rank,item,score,source\n"))
    let lists = Recommended.byUser(csv)
    #expect(Set(lists.keys) == Set(try the.histories().keys))
    for list in lists.values {
      #expect(list.map(\.rank) == Array(1...10))
      #expect(zip(list, list.dropFirst()).allSatisfy { $0.score >= $1.score })
      #expect(list.allSatisfy { $0.rest == ["model"] })
    }
    let single = try await the.run("recommend", "model", "--log", "log.csv", "--threads", "1")
    #expect(single.output == csv)
  }

  @Test func theLibraryWritesTheSameFile() async throws {
    let the = try await TrainedModel.shared.value
    let words = ["--exclude-seen", "--probabilities", "--top", "7", "--output", "command.csv"]
    let outcome = try await TypedCommand(
      ["recommend", "model", "--log", "log.csv"] + words, in: the.folder.url
    ).finish()
    #expect(outcome.status == 0, "\(outcome.errors)")
    let log = try Log(the.folder.url.appendingPathComponent("log.csv"))
    let model = try Recommender(directory: the.folder.url.appendingPathComponent("model"), popularityFrom: log)
    var batch = Recommender.Batch()
    (batch.top, batch.excludingSeen, batch.probabilities) = (7, true, true)
    try await model.recommend(
      batch, usersOf: log, to: .file(the.folder.url.appendingPathComponent("library.csv")))
    #expect(the.folder.text("library.csv") == the.folder.text("command.csv"))
  }

  @Test func whatIsExcludedIsNotRecommended() async throws {
    let the = try await TrainedModel.shared.value
    let histories = try the.histories()
    let items = try the.items()
    _ = try the.folder.file("chosen.txt", items.prefix(20).joined(separator: "\n") + "\nnowhere\n")
    let user = histories.keys.sorted()[0]
    _ = try the.folder.file("pairs.csv", "user,item\n\(user),\(items[1])\n\(user),\(items[2])\n")
    let outcome = try await the.run(
      "recommend", "model", "--log", "log.csv", "--exclude-seen", "--items", "chosen.txt", "--exclude", items[0],
      "--exclude-for", "pairs.csv", "--allow-unknown")
    #expect(outcome.errors.contains("1 item to choose from is unknown to the model and skipped: nowhere\n"))
    for (name, list) in Recommended.byUser(outcome.output) {
      let banned = Set(histories[name]! + [items[0]] + (name == user ? [items[1], items[2]] : []))
      let left = Set(items.prefix(20)).subtracting(banned)
      #expect(list.count == min(10, left.count))
      #expect(left.isSuperset(of: list.map(\.item)))
    }
  }

  @Test func aGroupGivesAtMostItsShare() async throws {
    let the = try await TrainedModel.shared.value
    let items = try the.items()
    let groups = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1, $0 % 4) })
    _ = try the.folder.file("groups.csv", "item,kind\n" + items.map { "\($0),kind\(groups[$0]!)\n" }.joined())
    let outcome = try await the.run(
      "recommend", "model", "--log", "log.csv", "--max-per-group", "2", "--groups", "groups.csv")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("90 users got fewer than 10 items"))
    for list in Recommended.byUser(outcome.output).values {
      #expect(Dictionary(grouping: list) { groups[$0.item]! }.mapValues(\.count) == [0: 2, 1: 2, 2: 2, 3: 2])
    }
  }

  @Test func probabilitiesSumToOne() async throws {
    let the = try await TrainedModel.shared.value
    let outcome = try await the.run("recommend", "model", "--log", "log.csv", "--top", "500", "--probabilities")
    #expect(
      outcome.errors.contains("there are only \(try the.items().count) candidates, so no list has 500 items"))
    for list in Recommended.byUser(outcome.output).values {
      #expect(abs(list.reduce(0) { $0 + Double($1.rest[0])! } - 1) < 1e-4)
    }
  }

  /// Nothing of a list that holds an id that nothing is known of is done, unless that is allowed.
  @Test func unknownIdsOfListsAreRefusedWithTheNearest() async throws {
    let the = try await TrainedModel.shared.value
    let item = try the.items()[0]
    _ = try the.folder.file("unknown.txt", "\(item)\n\(item)x\n")
    _ = try the.folder.file("pairs-unknown.csv", "user,item\nnobody at all,\(item)\n")
    _ = try the.folder.file("groups-unknown.csv", "item,kind\n\(item)x,a\n")
    _ = try the.folder.file(
      "unknown.jsonl", "{\"user\":1,\"items\":[\"\(item)\"]}\n{\"user\":2,\"items\":[\"\(item)x\"]}\n")
    for (words, text) in [
      (["--items", "unknown.txt"], "1 item to choose from is unknown to the model: \"\(item)x\" (did you mean \""),
      (["--exclude", "@unknown.txt"], "1 item to exclude is unknown to the model: \"\(item)x\" (did you mean \""),
      (["--exclude-for", "pairs-unknown.csv"], "1 user of --exclude-for is not in the log: \"nobody at all\""),
      (
        ["--groups", "groups-unknown.csv", "--max-per-group", "1"],
        "1 item of --groups is unknown to the model: \"\(item)x\""
      ),
      (["--users", "nobody at all"], "1 user is not in the log: \"nobody at all\""),
      (
        ["--histories", "unknown.jsonl"],
        "line 2 of the histories: 1 item of a history is unknown to the model: \"\(item)x\""
      ),
      (["--history", "\(item)x"], "1 item of a history is unknown to the model: \"\(item)x\""),
    ] {
      let outcome = try await TypedCommand(
        ["recommend", "model", "--log", "log.csv", "--output", "refused.csv"] + words, in: the.folder.url
      ).finish()
      #expect(outcome.status == 1 && outcome.errors.contains(text), "\(words): \(outcome.errors)")
      #expect(outcome.errors.hasSuffix("; correct them, or skip them with --allow-unknown\n"))
      #expect(the.folder.text("refused.csv") == nil)
    }
    let missing = try await the.run("recommend", "model", "--log", "log.csv", "--exclude", "nowhere.txt")
    #expect(missing.status == 1 && missing.errors.contains("--exclude nowhere.txt: there is no such file"))
  }

  @Test func usersWithoutAKnownItemGetPopularItems() async throws {
    let the = try await TrainedModel.shared.value
    let known = try the.histories().keys.sorted()[0]
    let outcome = try await the.run(
      "recommend", "model", "--log", "log.csv", "--users", "nobody,\(known),nobody", "--top", "3", "--json",
      "--allow-unknown")
    #expect(outcome.status == 0)
    #expect(outcome.lines.count == 6)
    #expect(
      outcome.lines[..<3].allSatisfy { $0.contains("\"user\":\"nobody\"") && $0.contains("\"source\":\"popular\"") })
    #expect(outcome.errors.contains("1 user is not in the log: nobody\n"))
    #expect(outcome.errors.contains("1 user named more than once, answered once"))
    #expect(outcome.errors.contains("1 user without a known item got popular items"))
  }

  @Test func unknownItemsOfAHistoryAreNamedAndSkipped() async throws {
    let the = try await TrainedModel.shared.value
    let item = try the.histories().values.first![0]
    let with = try await the.run("recommend", "model", "--history", "\(item),mystery", "--allow-unknown")
    let without = try await the.run("recommend", "model", "--history", item)
    #expect(with.errors == "cloze: 1 item of a history is unknown to the model and skipped: mystery\n")
    #expect(with.output == without.output)
    #expect(without.errors.isEmpty)
    let empty = try await the.run("recommend", "model", "--history", "mystery", "--top", "1", "--allow-unknown")
    #expect(empty.lines[1].hasSuffix(",prior"))
  }

  @Test func everyUnknownIdStandsInTheFile() async throws {
    let the = try await TrainedModel.shared.value
    let strangers = (0..<30).map { "stranger, \($0)" }
    let histories =
      strangers.map { "{\"user\":\"\($0)\",\"items\":[\"no \($0)\"]}" } + [
        "{\"user\":\"stranger, 3\",\"items\":[]}"
      ]
    _ = try the.folder.file("strangers.jsonl", histories.joined(separator: "\n") + "\n")
    let outcome = try await the.run(
      "recommend", "model", "--histories", "strangers.jsonl", "--exclude", "nowhere", "--top", "2", "--unknown-to",
      "unknown.csv", "--allow-unknown")
    #expect(outcome.status == 0)
    #expect(outcome.lines.count == 1 + 31 * 2)
    #expect(outcome.errors.contains("and 10 more\n"))
    #expect(outcome.errors.contains("histories of users who came before, each answered: 1"))
    let expected = ["id,what", "nowhere,item to exclude"] + strangers.map { "\"no \($0)\",item of a history" }
    #expect(the.folder.text("unknown.csv") == expected.joined(separator: "\n") + "\n")
    let without = try await the.run(
      "recommend", "model", "--histories", "strangers.jsonl", "--top", "2", "--allow-unknown")
    #expect(without.errors.contains("and 10 more (--unknown-to FILE names all)"))
  }

  @Test func aFolderIsNoFileToWrite() async throws {
    let the = try await TrainedModel.shared.value
    try FileManager.default.createDirectory(
      at: the.folder.url.appendingPathComponent("folder.csv"), withIntermediateDirectories: true)
    let outcome = try await the.run("recommend", "model", "--history", "a", "--allow-unknown", "--output", "folder.csv")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("folder.csv is a folder; name a file"))
    let new = try await the.run(
      "recommend", "model", "--history", "a", "--allow-unknown", "--output", "new/folder/a.csv")
    #expect(new.status == 0 && new.errors.contains("cloze: new/folder/a.csv: 10 rows for 1 user in "), "\(new.errors)")
    #expect(the.folder.text("new/folder/a.csv")?.split(separator: "\n").count == 11)
    let below = try await the.run(
      "recommend", "model", "--history", "a", "--allow-unknown", "--output", "log.csv/a.csv")
    #expect(below.status == 1 && below.errors.contains("log.csv/a.csv"), "\(below.errors)")
  }

  @Test func anotherLogIsRefusedUnlessForced() async throws {
    let the = try await TrainedModel.shared.value
    let refused = try await the.run("recommend", "model", "--log", "other.csv")
    #expect(refused.status == 1)
    #expect(refused.output.isEmpty)
    #expect(refused.errors.contains("model was trained on another log: 90 users then, 30 here; "))
    let forced = try await the.run("recommend", "model", "--log", "other.csv", "--force")
    #expect(forced.status == 0)
    #expect(Recommended.byUser(forced.output).count == 30)
  }

  @Test func aBadLineOfHistoriesIsNamed() async throws {
    let the = try await TrainedModel.shared.value
    _ = try the.folder.file("bad.jsonl", "{\"user\":\"a\",\"items\":[]}\n{\"user\":1}\n")
    let outcome = try await the.run("recommend", "model", "--histories", "bad.jsonl", "--output", "bad.csv")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.hasPrefix("cloze: --histories bad.jsonl, line 2: expected {\"user\": …, \"items\": [… , …]}"))
    #expect(the.folder.text("bad.csv") == nil)
  }

  @Test(arguments: [
    (["--output", "x.txt"], "expected a name that ends in .csv or .jsonl"), (["--resume"], "give --output or --into"),
    (["--top", "0"], "expected a number from 1 to"), (["--log", "a", "--into", ""], "names no table"),
    (["--into", "t"], "--into names a table of a store; give --store"), (["--max-per-group", "1"], "--groups"),
  ]) func badUsageIsSaid(words: [String], text: String) async throws {
    let outcome = try await TypedCommand(["recommend", "m", "--history", "a"] + words).finish(within: .seconds(60))
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
  }
}
