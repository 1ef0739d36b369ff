import Foundation
import Testing

/// What items are, as a user types it: imported, checked, learned from, shown, and recommended without an event.
@Suite(.tags(.slow)) struct ItemCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ words: String...) async throws -> TypedCommand.Outcome {
    try await TypedCommand(words, in: folder.url).finish(within: .seconds(120))
  }

  @Test func itemsAreImportedAndCheckedBesideTheLog() async throws {
    _ = try folder.file("a.csv", "user,item\nann,x\nann,y\nbob,x\nbob,q\n")
    _ = try folder.file("items.csv", "item_id,title,tags\nx,\"X, the first\",red|blue\ny,Y,red\nz,Z,blue|red\n")
    #expect(try await run("import", "a.csv", "--store", "s.sqlite").status == 0)
    let items = try await run("import-items", "items.csv", "--store", "s.sqlite")
    #expect(items.status == 0, "\(items.errors)")
    #expect(items.lines.contains("tags: category, 2 values, 0 missing, several between '|'"))
    let coverage =
      "2 of the log's 3 items have a row (75% of its events); 1 row is of items without an event; without a row: q"
    #expect(items.lines.last.map(String.init) == coverage)
    let check = try await run("check", "s.sqlite")
    #expect(check.lines.last.map(String.init) == coverage)
    let beside = try await run("check", "a.csv", "--items-from", "items.csv")
    #expect(beside.lines.last.map(String.init) == coverage)
    let unknown = try await run("import-items", "items.csv", "--store", "s.sqlite", "--item-columns", "tagz=category")
    #expect(unknown.status == 1)
    #expect(unknown.errors.contains("has no column “tagz”; did you mean “tags”?"))
  }

  @Test func itemsWithoutEventsAreRecommendedByTheirFeatures() async throws {
    let synthesized = try await run(
      "synthesize", "log.csv", "--users", "90", "--items", "40", "--clusters", "4", "--length", "9", "--categories")
    #expect(synthesized.status == 0)
    var items = try #require(folder.text("log.items.csv"))
    #expect(items.hasPrefix("item_id,title,cluster,place\nitem0,"))
    items += "brandnew,\"Brand, new\",c1,0\nnobody,Nobody,c99,99\n"
    _ = try folder.file("items.csv", items)
    let small = [
      "--set", "model.hidden=16", "--set", "model.layers=1", "--set", "stages.0.epochs=1", "--items-from", "items.csv",
    ]
    let train = try await TypedCommand(
      ["train", "log.csv", "--model", "model", "--features", "cluster,place", "--split", "cold-items"] + small,
      in: folder.url
    ).finish(within: .seconds(120))
    #expect(train.status == 0, "\(train.errors)")
    #expect(train.errors.contains("features of 40 items: cluster (4 values), place (10 values)"))
    #expect(folder.text("model/item-features.json")?.contains("\"cluster\"") == true)

    let lists = try await run(
      "recommend", "model", "--log", "log.csv", "--new-items", "items.csv", "--cold", "only", "--titles",
      "--items-from", "items.csv", "--top", "3", "--users", "user1")
    #expect(lists.status == 0, "\(lists.errors)")
    #expect(lists.lines.first == "user,rank,item,title,score,cold,source")
    #expect(lists.lines.count == 4 && lists.lines.dropFirst().allSatisfy { $0.hasSuffix(",true,model") })
    #expect(
      lists.errors.contains("1 item that the model has never seen got a row from its features; 1 has no value"))
    let warm = try await run("recommend", "model", "--log", "log.csv", "--cold", "remove", "--users", "user1")
    #expect(warm.lines.first == "user,rank,item,score,cold,source")
    #expect(warm.lines.dropFirst().allSatisfy { $0.hasSuffix(",false,model") })

    let similar = try await run("similar", "model", "item3", "--top", "2", "--titles", "--items-from", "items.csv")
    #expect(similar.lines.first == "item,title,rank,similar,similarTitle,score")
    #expect(similar.lines.dropFirst().allSatisfy { $0.hasPrefix("item3,Item 3 of cluster ") })
    let evaluation = try await run("evaluate", "model", "--log", "log.csv", "--split", "cold-items")
    #expect(evaluation.output.contains("item in training cold"), "\(evaluation.output)")
    #expect(evaluation.output.contains("of cold items"), "\(evaluation.output)")

    let missing = try await run("train", "log.csv", "--model", "other", "--features", "cluster")
    #expect(missing.status == 2)
    #expect(missing.errors.contains("give --items-from FILE, or import one into the store"))
    _ = try folder.file("floats.csv", "item,title\n1.0,One\n2.0,Two\n")
    let strange = try await run(
      "recommend", "model", "--log", "log.csv", "--titles", "--items-from", "floats.csv", "--users", "user1")
    #expect(strange.errors.contains("no item of the model has a title in floats.csv, for example \"item"))
    let untitled = try await run("recommend", "model", "--log", "log.csv", "--titles")
    #expect(untitled.status == 2 && untitled.errors.contains("cloze import-items FILE --store STORE"))
  }

  /// The small BERT of the tests, with a vocabulary for titles such as `Item 12 of cluster 3`.
  private func writeBERT(_ name: String) throws {
    let fixture = URL(fileURLWithPath: #filePath).appendingPathComponent(
      "../../SequentialModelsTests/Fixtures/bert-tiny"
    ).standardizedFileURL
    let url = folder.url.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for file in ["config.json", "model.safetensors"] {
      try FileManager.default.copyItem(at: fixture.appendingPathComponent(file), to: url.appendingPathComponent(file))
    }
    let words =
      ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "item", "of", "cluster"]
      + (0..<10).flatMap { ["\($0)", "##\($0)"] } + (0..<9).map { "word\($0)" }
    try words.joined(separator: "\n").write(
      to: url.appendingPathComponent("vocab.txt"), atomically: true, encoding: .utf8)
  }

  @Test func wordsOfItemsAreLearnedFromAndThePageShowsWhatIsRecommended() async throws {
    let log = try await run(
      "synthesize", "log.csv", "--users", "90", "--items", "40", "--clusters", "4", "--length", "9", "--categories")
    #expect(log.status == 0)
    try writeBERT("bert")
    let small = [
      "--set", "model.hidden=16", "--set", "model.layers=1", "--epochs", "1", "--items-from", "log.items.csv",
    ]
    let train = try await TypedCommand(
      ["train", "log.csv", "--model", "model", "--text", "title", "--text-encoder", "bert"] + small, in: folder.url
    ).finish(within: .seconds(120))
    #expect(train.status == 0, "\(train.errors)")
    #expect(train.errors.contains("of the words of title, read by"), "\(train.errors)")
    _ = try folder.file("new.csv", "item_id,title\nfresh,Item 7 of cluster 1\nblank,\nother,Item 8 of cluster 2\n")
    let lists = try await run(
      "recommend", "model", "--log", "log.csv", "--new-items", "new.csv", "--cold", "only", "--top", "2", "--users",
      "user1")
    #expect(lists.status == 0, "\(lists.errors)")
    #expect(Set(lists.lines.dropFirst().map { $0.split(separator: ",")[2] }) == ["fresh", "other"])

    let page = try await run("report", "model", "--log", "log.csv", "--items-from", "log.items.csv")
    #expect(page.status == 0, "\(page.errors)")
    let html = try #require(folder.text("model/report.html"))
    for text in ["What it recommends", "Item 3 of cluster", "colored by cluster", "nearest to popular items"] {
      #expect(html.contains(text), "\(text)")
    }
    #expect(!html.contains("user1"), "users are known by their items alone")

    let missing = try await run(
      "train", "log.csv", "--model", "other", "--text", "title", "--items-from", "log.items.csv", "--set",
      "model.features.idDropout=1")
    #expect(missing.status != 0 && missing.errors.contains("name the directory of a BERT, or --text-encoder DIR"))
    let both = try await run(
      "train", "log.csv", "--model", "other", "--text", "title", "--item-vectors", "v.npy", "--text-encoder", "bert")
    #expect(both.status == 2 && both.errors.contains("give one of them"))
  }

  @Test func aStoreKeepsTheVectorsOfTextsAndRowsBeginWithThem() async throws {
    #expect(
      try await run(
        "synthesize", "log.csv", "--users", "60", "--items", "20", "--clusters", "4", "--length", "7",
        "--categories"
      ).status == 0)
    try writeBERT("bert")
    for words in [
      ["import", "log.csv", "--store", "s.sqlite"], ["import-items", "log.items.csv", "--store", "s.sqlite"],
    ] {
      #expect(try await TypedCommand(words, in: folder.url).finish(within: .seconds(120)).status == 0)
    }
    let small = ["--set", "model.hidden=16", "--set", "model.layers=1", "--epochs", "1", "--text-encoder", "bert"]
    func train(_ words: String...) async throws -> TypedCommand.Outcome {
      try await TypedCommand(["train", "s.sqlite", "--text", "title"] + words + small, in: folder.url).finish(
        within: .seconds(120))
    }
    let first = try await train("--model", "a")
    #expect(first.status == 0 && first.errors.contains("words of items: 20 texts encoded"), "\(first.errors)")
    let second = try await train("--model", "b")
    #expect(second.errors.contains("words of items: 0 texts encoded, 20 known from the store"), "\(second.errors)")
    let weights = try ["a", "b"].map {
      try Data(contentsOf: folder.url.appendingPathComponent("\($0)/model.safetensors"))
    }
    #expect(weights[0] == weights[1])
    let other = try await train("--model", "c", "--text-pooling", "cls")
    #expect(other.errors.contains("words of items: 20 texts encoded"), "\(other.errors)")

    let begun = try await train("--model", "d", "--new-items", "text")
    #expect(
      begun.status == 0 && begun.errors.contains("rows of 20 items begin with the words of title"), "\(begun.errors)")
    #expect(folder.text("d/item-features.json") == nil, "they are rows of ids")
    _ = try folder.file("more.csv", "user,item\nann,fresh\nann,item1\nann,item2\nann,item3\nbob,item2\nbob,fresh\n")
    _ = try folder.file(
      "more.items.csv", try #require(folder.text("log.items.csv")) + "fresh,Item 3 of cluster 1,c1,0\n")
    let next = try await run(
      "train", "more.csv", "--split", "new-users", "--new-user-share", "0.01", "--set", "heldOut=nothing", "--model",
      "e",
      "--from", "d", "--new-items", "text", "--text", "title", "--text-encoder", "bert", "--items-from",
      "more.items.csv", "--epochs", "1")
    #expect(next.status == 0, "\(next.errors)")
    #expect(next.errors.contains("1 are new rows, 0 of them drawn"), "\(next.errors)")

    let wordless = try await run("train", "s.sqlite", "--model", "f", "--new-items", "text")
    #expect(wordless.status == 2 && wordless.errors.contains("give --text COLUMNS and --text-encoder DIR, too"))
    let random = try await run("train", "s.sqlite", "--model", "f", "--new-items", "random")
    #expect(random.status == 2 && random.errors.contains("--new-items needs a model to fine-tune from"))
    _ = try folder.file("lines.txt", "a b c\n")
    let lines = try await run(
      "pretrain", "lines.txt", "--validation", "lines.txt", "--model", "g", "--new-items", "text")
    #expect(lines.status == 2 && lines.errors.contains("lines of tokens say nothing of items"))
  }

  @Test func rowsOfIdsAreComparedWithRowsMadeOfMore() async throws {
    let log = try await run(
      "synthesize", "log.csv", "--users", "60", "--items", "20", "--clusters", "4", "--length", "7", "--categories")
    #expect(log.status == 0)
    try writeBERT("bert")
    let words = [
      "compare", "log.csv", "--output", "rows", "--features", "cluster", "--text", "title", "--text-encoder", "bert",
      "--items-from", "log.items.csv", "--set", "model.hidden=16", "--set", "model.layers=1", "--epochs", "1",
      "--seeds", "1",
    ]
    let outcome = try await TypedCommand(words, in: folder.url).finish(within: .seconds(120))
    #expect(outcome.status == 0, "\(outcome.errors)")
    for name in ["ids", "ids+features", "ids+text", "ids+features+text"] {
      #expect(outcome.output.contains(name), "\(name)")
    }
    let again = try await TypedCommand(words, in: folder.url).finish(within: .seconds(120))
    #expect(again.status == 0 && again.output == outcome.output, "finished runs are kept")
    let shared = try await run(
      "compare", "log.csv", "--output", "poolings", "--poolings", "tail,mean", "--features", "cluster", "--items-from",
      "log.items.csv")
    #expect(shared.status != 0 && shared.errors.contains("add --from-scratch"), "\(shared.errors)")
    let nothing = try await run("compare", "log.csv", "--output", "nothing")
    #expect(nothing.status == 2 && nothing.errors.contains("what to learn of items by --features, --text"))
  }

  @Test func featuresAreComparedAsAnyOtherKeyIs() async throws {
    let log = try await run(
      "synthesize", "log.csv", "--users", "60", "--items", "20", "--clusters", "4", "--length", "7", "--categories")
    #expect(log.status == 0)
    let words = [
      "compare", "log.csv", "--output", "both", "--recipe", "causal", "--vary", "model.features.idDropout=0.1,0.6",
      "--set", "model.features.columns=[cluster]", "--set", "model.hidden=16", "--set", "model.layers=1", "--epochs",
      "1",
      "--seeds", "1",
    ]
    let outcome = try await TypedCommand(words + ["--items-from", "log.items.csv"], in: folder.url).finish(
      within: .seconds(120))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("0.6") && outcome.output.contains("0.1"))
    let without = try await TypedCommand(words, in: folder.url).finish(within: .seconds(120))
    #expect(without.status != 0)
    #expect(without.errors.contains("items of fingerprint") || without.errors.contains("give --items-from FILE"))
    let useless = try await run(
      "compare", "log.csv", "--output", "ids", "--vary", "model.hidden=8,16", "--items-from", "log.items.csv")
    #expect(useless.status == 2 && useless.errors.contains("no variant learns from it"))
  }
}
