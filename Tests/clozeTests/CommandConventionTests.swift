import Foundation
import Testing

/// What all commands have in common: notes, bounds, settings, folders, JSON.
@Suite struct CommandConventionTests {
  private static let understanding = "cloze: log.csv: read as CSV: user = user, item = item, time = timestamp "

  @Test(arguments: [
    ["evaluate", "--log", "log.csv", "--top", "5"], ["recommend", "model", "--log", "log.csv", "--top", "2"],
    ["explain", "model", "--log", "log.csv", "--user", "user1"],
    ["embed", "model", "--log", "log.csv", "--users-to", "notes.npy"],
    ["train", "log.csv", "--model", "notes", "--hidden", "8", "--layers", "1", "--epochs", "1"],
  ]) func everyCommandThatReadsALogSaysWhatItRead(words: [String]) async throws {
    let the = try await TrainedModel.shared.value
    let loud = try await TypedCommand(words, in: the.folder.url).finish()
    #expect(loud.status == 0 && loud.errors.hasPrefix(Self.understanding), "\(loud.errors)")
    let quiet = try await TypedCommand(words + ["--quiet"], in: the.folder.url).finish()
    #expect(quiet.status == 0 && quiet.errors.isEmpty, "\(quiet.errors)")
  }

  @Test func aStoreIsSaidByWhatItHolds() async throws {
    let the = try await TrainedModel.shared.value
    let store = try await the.run("import", "log.csv", "--store", "deep/folder/notes.sqlite")
    #expect(store.status == 0, "\(store.errors)")
    let outcome = try await the.run("recommend", "model", "--store", "deep/folder/notes.sqlite", "--top", "1")
    #expect(
      outcome.errors.hasPrefix("cloze: deep/folder/notes.sqlite: a store of 1 import; ")
        && outcome.errors.contains(" events of 90 users and 40 items\n"), "\(outcome.errors)")
  }

  /// The commands that a training ends with work as they are printed.
  @Test func trainingSaysWhatToDoNext() async throws {
    let the = try await TrainedModel.shared.value
    let trained = try await the.run(
      "train", "log.csv", "--model", "made/it's here", "--hidden", "8", "--heads", "4", "--layers", "1", "--epochs",
      "1", "--learning-rate", "0.002", "--batch", "16", "--min-item-events=2", "--split", "new-users")
    #expect(trained.status == 0, "\(trained.errors)")
    let next = trained.errors.split(separator: "\n").compactMap { line in
      ["cloze: to evaluate it: ", "cloze: to use it: "].first { line.hasPrefix($0) }.map { line.dropFirst($0.count) }
    }
    #expect(next.count == 2 && next[0].hasSuffix(" --log log.csv"))
    for line in next {
      let outcome = try await TypedCommand.shell(String(line), in: the.folder.url)
      #expect(outcome.status == 0, "\(line): \(outcome.errors)")
    }
    #expect(the.folder.text("made/it's here/config.json")?.filter { $0 != " " }.contains("\"hidden_size\":8") == true)
  }

  @Test func settingsAreCheckedTogether() async throws {
    let the = try await TrainedModel.shared.value
    for words in [
      ["--set", "model.hidden=45", "--set", "model.heads=3"], ["--set", "model.heads=3", "--set", "model.hidden=45"],
      ["--heads", "3", "--hidden", "45"],
    ] {
      let outcome = try await TypedCommand(
        ["train", "log.csv", "--model", "together", "--epochs", "1", "--layers", "1", "--quiet"] + words,
        in: the.folder.url
      ).finish()
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let bad = try await the.run("train", "log.csv", "--model", "together", "--heads", "3")
    #expect(bad.status == 2 && bad.errors.contains("3 heads do not divide a hidden size of"), "\(bad.errors)")
  }

  @Test(arguments: [
    (["recommend", "m", "--history", "a", "--top", "-3"], "--top -3: expected a number from 1 to 2147483647"),
    (["similar", "m", "--all", "--top", "0"], "--top 0: expected a number from 1 to 2147483647"),
    (["evaluate", "--log", "a", "--top", "9223372036854775807"], "--top 9223372036854775807: expected numbers from 1"),
    (["evaluate", "--log", "a", "--resamples", "-1"], "--resamples -1: expected a number from 1 to 1000000"),
    (["train", "a", "--model", "m", "--threads", "0"], "--threads 0: expected a number from 1 to 1024"),
    (["train", "a", "--model", "m", "--keep-every", "-1"], "--keep-every -1.0: expected seconds from 0.0 to"),
    (["evaluate", "--log", "a", "--min-user-events", "0"], "--min-user-events 0: expected a number from 1"),
    (["compare", "a", "--output", "b", "--vary", "c=1,2", "--seeds", "0"], "--seeds 0: expected a number from 1"),
    (["recommend", "m", "--log", "log.csv", "--users", ""], "--users names no id"),
  ]) func numbersHaveBounds(words: [String], text: String) async throws {
    let outcome = try await TypedCommand(words).finish()
    #expect(outcome.status == 2 && outcome.errors.contains(text), "\(outcome.errors)")
  }

  @Test func theRecordOfAModelIsReportedAsItWasWritten() async throws {
    let the = try await TrainedModel.shared.value
    let copy = the.folder.url.appendingPathComponent("changed")
    try FileManager.default.copyItem(at: the.folder.url.appendingPathComponent("model"), to: copy)
    for name in ["record.json", "cost.json"] {
      let whole = try #require(the.folder.text("model/\(name)"))
      _ = try the.folder.file("changed/\(name)", whole.replacing("1", with: "2", maxReplacements: 1))
      let outcome = try await the.run("report", "changed", "--table")
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("changed/\(name) is not as it was written"), "\(outcome.errors)")
      _ = try the.folder.file("changed/\(name)", whole)
    }
    let outcome = try await the.run("report", "changed", "--table")
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test func whatIsWrittenCanBePrintedAsJSON() async throws {
    let the = try await TrainedModel.shared.value
    struct Embedded: Decodable {
      var file: String
      var ids: String
      var rows: Int
      var columns: Int
    }
    let embedded = try await the.run("embed", "model", "--items-to", "vectors/items.npy", "--json")
    let files = try JSONDecoder().decode([String: Embedded].self, from: Data(embedded.output.utf8))
    #expect(files["items"]?.columns == 16 && files["items"]?.ids.hasSuffix("vectors/items.ids.json") == true)
    let reported = try await the.run("report", "model", "--output", "pages/model.html", "--json")
    let pages = try JSONDecoder().decode([String: [String]].self, from: Data(reported.output.utf8))
    #expect(pages["pages"]?.first?.hasSuffix("pages/model.html") == true)
    let exported = try await the.run("export", "model", "--to", "hf", "--output", "out/hf", "--json")
    #expect(exported.output.contains("\"architecture\" : \"Bert"), "\(exported.output)")
    let explained = try await the.run("explain", "model", "--log", "log.csv", "--user", "user1", "--json")
    #expect(explained.output.contains("\"contentFingerprint\" : \""))
  }
}
