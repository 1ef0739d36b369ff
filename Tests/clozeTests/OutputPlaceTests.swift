import Foundation
import Testing

/// What a command writes never takes the place of what it reads, and what it cannot read it says in words.
@Suite struct OutputPlaceTests {
  @Test func noOutputReplacesWhatIsRead() async throws {
    let the = try await TrainedModel.shared.value
    try? FileManager.default.createSymbolicLink(
      at: the.folder.url.appendingPathComponent("link.csv"),
      withDestinationURL: the.folder.url.appendingPathComponent("log.csv"))
    let before = the.folder.text("log.csv")
    for (words, option) in [
      (["recommend", "model", "--log", "log.csv", "--output", "./log.csv"], "--output ./log.csv"),
      (["recommend", "model", "--log", "log.csv", "--output", "link.csv"], "--output link.csv"),
      (["recommend", "model", "--log", "log.csv", "--exclude", "@ids.csv", "--output", "ids.csv"], "--output ids.csv"),
      (["recommend", "model", "--log", "log.csv", "--unknown-to", "log.csv"], "--unknown-to log.csv"),
      (["recommend", "model", "--log", "log.csv", "--output", "a.csv", "--unknown-to", "a.csv"], "--unknown-to a.csv"),
      (["similar", "model", "--all", "--among", "log.csv", "--output", "log.csv"], "--output log.csv"),
      (["embed", "model", "--items-to", "model/model.safetensors"], "--items-to model/model.safetensors"),
      (["evaluate", "model", "--log", "log.csv", "--ranks", "log.csv"], "--ranks log.csv"),
      (["import", "log.csv", "--store", "link.csv"], "--store link.csv"),
      (["merge", "a.csv", "log.csv", "--output", "link.csv"], "--output link.csv"),
      (["report", "model", "--output", "model/record.json"], "--output model/record.json"),
      (["export", "model", "--to", "hf", "--output", "./model"], "--output ./model"),
      (["train", "log.csv", "--model", "link.csv"], "--model link.csv"),
      (["train", "--train", "log.csv", "--test", "other.csv", "--model", "other.csv"], "--model other.csv"),
      (["compare", "log.csv", "--poolings", "tail,mean", "--output", "./log.csv"], "--output ./log.csv"),
      (["pretrain", "log.csv", "--validation", "other.csv", "--model", "other.csv"], "--model other.csv"),
    ] {
      let outcome = try await TypedCommand(words, in: the.folder.url).finish(within: .seconds(60))
      #expect(outcome.status == 2, "\(words)")
      #expect(outcome.errors.contains("\(option) would replace "), "\(words): \(outcome.errors)")
    }
    #expect(the.folder.text("log.csv") == before)
    // Also by a link to what is not there yet: the ids would take the place of the vectors.
    try? FileManager.default.createSymbolicLink(
      atPath: the.folder.url.appendingPathComponent("twice.npy").path, withDestinationPath: "twice.ids.json")
    let twice = try await TypedCommand(["embed", "model", "--items-to", "twice.npy"], in: the.folder.url).finish()
    #expect(twice.status == 2 && twice.errors.contains("would replace --items-to twice.npy"), "\(twice.errors)")
  }

  @Test func aStoreThatTheDiskRefusesIsNamed() async throws {
    let the = try await TrainedModel.shared.value
    let outcome = try await TypedCommand.shell(
      "ulimit -f 4; cloze import log.csv --store limited.sqlite", in: the.folder.url)
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains("refuses to be read or written (SQLite: disk I/O error); look at"), "\(outcome.errors)")
    // Not even its first page has room: nothing is left that a later command would take for a store.
    let nothing = try await TypedCommand.shell(
      "ulimit -f 0; cloze import log.csv --store none.sqlite", in: the.folder.url)
    #expect(
      nothing.status == 1
        && !FileManager.default.fileExists(atPath: the.folder.url.appendingPathComponent("none.sqlite").path),
      "\(nothing.errors)")
  }

  @Test func idsThatASpreadsheetWouldRunAreGuardedWhereAsked() async throws {
    let the = try await TrainedModel.shared.value
    let histories = ["=1+1", "+a", "-5", "@b", "plain", "=a,b"].map { #"{"user":"\#($0)","items":[]}"# + "\n" }.joined()
    _ = try the.folder.file("formulas.jsonl", histories)
    let words = ["recommend", "model", "--histories", "formulas.jsonl", "--top", "1"]
    func users(_ more: [String]) async throws -> [String] {
      let outcome = try await TypedCommand(words + more, in: the.folder.url).finish(within: .seconds(60))
      return outcome.lines.dropFirst().map { String($0.prefix { $0 != "1" && $0 != "," }) }
    }
    #expect(try await users([]) == ["=", "+a", "-5", "@b", "plain", "\"=a"])
    #expect(try await users(["--guard-formulas"]) == ["'=", "'+a", "'-5", "'@b", "plain", "\"'=a"])
    let refused = try await TypedCommand(words + ["--guard-formulas", "--json"], in: the.folder.url).finish()
    #expect(refused.status == 2 && refused.errors.contains("--guard-formulas is about CSV"))
  }

  /// Files of a Hugging Face directory as a folder, as no JSON, as JSON of something else, and not to be read at all.
  @Test func whatCannotBeReadIsSaidInWords() async throws {
    let the = try await TrainedModel.shared.value
    let manager = FileManager.default
    let copy = the.folder.url.appendingPathComponent("unreadable")
    try? manager.removeItem(at: copy)
    try manager.copyItem(at: the.folder.url.appendingPathComponent("model"), to: copy)
    try manager.removeItem(at: copy.appendingPathComponent("cloze.json"))
    func say(_ words: [String], _ place: String) async throws {
      let outcome = try await TypedCommand(words, in: the.folder.url).finish(within: .seconds(60))
      #expect(outcome.status == 1 || outcome.status == 2, "\(place)")
      #expect(
        outcome.errors.hasPrefix("cloze: ") && outcome.errors.split(separator: "\n").count < 3, "\(outcome.errors)")
      for raw in [
        "Cocoa", "DecodingError", "CodingKeys", "NSError", "Swift.", "debugDescription", "operation could not",
      ] {
        #expect(!outcome.errors.contains(raw), "\(place): \(outcome.errors)")
      }
    }
    for name in [
      "config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt", "model.safetensors", "cloze.json",
    ] {
      let file = copy.appendingPathComponent(name)
      let whole = try? Data(contentsOf: file)
      for text in ["{", "[]", "{}", "{\"model\": 3, \"format\": \"x\"}", nil] {
        if text?.hasSuffix("}") == true && name == "tokenizer_config.json" { continue }
        try? manager.removeItem(at: file)
        if let text {
          try Data(text.utf8).write(to: file)
        } else {
          try manager.createDirectory(at: file, withIntermediateDirectories: false)
        }
        try await say(["similar", "unreadable", "--all"], "\(name) as \(text ?? "a folder")")
      }
      try manager.removeItem(at: file)
      try whole?.write(to: file)
    }
    try await say(["train", "log.csv", "--model", "new", "--config", "model"], "a configuration")
    try await say(["diff", "log.csv", "log.csv"], "ranks")
    try await say(["evaluate", "--log", "log.csv", "--known-best", "model"], "known best")
    try await say(["pretrain", "model", "--validation", "log.csv", "--model", "new"], "lines")
    try await say(["merge", "log.csv", "--output", "b.csv"], "a shard")
  }
}
