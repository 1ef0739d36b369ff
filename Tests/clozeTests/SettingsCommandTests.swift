import Foundation
import Testing

/// What a user learns of configurations by typing `settings` and `recipes`, and that files and flags keep to it.
@Suite struct SettingsCommandTests {
  private static let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized

  @Test func aWordOfAnotherLibraryFindsItsKey() async throws {
    let found = try await TypedCommand.run("settings", "learning_rate")
    #expect(found.status == 0)
    #expect(
      found.output.hasPrefix(
        """
        stages.N.learningRate.peak = 0.001   --learning-rate
            The highest learning rate of the stage.
            a number above 0 and up to 1000
            also with --labels
            elsewhere: RecBole learning_rate, RecTools lr, Hugging Face learning_rate
        """), "\(found.output)")
    let slip = try await TypedCommand.run("settings", "hiden_size")
    #expect(slip.status == 2 && slip.errors.contains("did you mean “hidden_size”?"), "\(slip.errors)")
    let alone = try await TypedCommand.run("settings", "--recipe", "sasrec")
    #expect(alone.status == 2 && alone.errors.contains("give --for LOG, too"))
  }

  @Test func thePageIsWhatTheProgramSays() async throws {
    let page = try await TypedCommand.run("settings", "--markdown")
    let kept = try String(contentsOf: Self.root.appendingPathComponent("docs/Settings.md"), encoding: .utf8)
    #expect(page.output == kept, "docs/Settings.md is old; write it anew: cloze settings --markdown > docs/Settings.md")
  }

  @Test func recipesAreDescribedInTwoLines() async throws {
    let recipes = try await TypedCommand.run("recipes")
    #expect(recipes.status == 0)
    #expect(recipes.output.contains("\ncausal *        the next item at every position"), "\(recipes.output)")
    struct Entry: Decodable { var name: String, isDefault: Bool }
    let json = try await TypedCommand.run("recipes", "--json")
    let entries = try JSONDecoder().decode([Entry].self, from: Data(json.output.utf8))
    #expect(entries.count(where: \.isDefault) == 1 && entries.count >= 7)
  }

  @Test func linesFitATerminal() async throws {
    let overview = try await TypedCommand.run("--help")
    let commands = overview.lines.drop { $0 != "SUBCOMMANDS:" }.dropFirst().filter {
      $0.hasPrefix("  ") && !$0.hasPrefix("   ")
    }
    .compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(commands.count > 15)
    for words in [["--help"], ["settings"], ["recipes"]] + commands.map({ ["help", $0] }) {
      let outcome = try await TypedCommand(words).finish()
      let long = outcome.lines.filter { $0.count > 80 }
      #expect(long.isEmpty, "\(words.joined(separator: " ")): \(long)")
    }
  }

  /// The printed file alone trains what the recipe, the file of another one and the flags train.
  @Test func thePrintedConfigurationTrainsTheSameModel() async throws {
    let the = try await TrainedModel.shared.value
    let flags = "--recipe bert4rec --epochs 1 --hidden 16 --set model.layers=1 --loss sampledSoftmax"
    let outcome = try await TypedCommand.shell(
      """
      set -e
      cloze settings --for log.csv \(flags) > whole.yaml
      cloze train log.csv --model by-flags \(flags)
      cloze train log.csv --model by-file --config whole.yaml
      cmp by-flags/model.safetensors by-file/model.safetensors
      """, in: the.folder.url)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let text = the.folder.text("whole.yaml") ?? ""
    #expect(
      text.contains("\nmodel:\n  hidden: 16  # --hidden\n  layers: 1  # --set\n")
        && text.contains("\n  - name: pretrain  # recipe bert4rec\n    epochs: 1  # --epochs\n"), "\(text)")
    #expect(text.contains("# by the log: for 95 % of the histories\n"), "\(text)")
  }

  /// A recipe that nothing names follows the log, and is the usual one where keys of stages are set: they mean its stages.
  @Test func theDefaultFollowsTheLogUnlessStagesAreSet() async throws {
    let folder = try TemporaryFolder()
    let histories = (100..<103).map { count in (0..<count).map { "item\($0 % 50)" }.joined(separator: " ") }
    let rows = (0..<2_100).map { "user\($0) \(histories[$0 % 3])\n" }.joined()
    try rows.write(to: folder.url.appendingPathComponent("long.txt"), atomically: true, encoding: .utf8)
    func chosen(_ words: String...) async throws -> String {
      let outcome = try await TypedCommand(["settings", "--for", "long.txt"] + words, in: folder.url).finish()
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome.output.split(separator: "\n").filter { $0.hasPrefix("# ") }.joined().replacing("# ", with: " ")
    }
    #expect(try await chosen().contains("recipe joined, the default for many long histories of frequent items"))
    #expect(try await chosen("--epochs", "1", "--set", "model.hidden=8").contains("recipe joined, the default for"))
    #expect(try await chosen("--set", "stages.0.epochs=2").contains("recipe causal, the default:"))
    #expect(try await chosen("--recipe", "causal").contains("recipe causal, named by --recipe:"))
  }

  /// An error names the flag that was typed, not the key behind it, also where it is wrong only beside other keys.
  @Test(arguments: [
    ("--epochs -1", "--epochs", "found -1"), ("--learning-rate 0", "--learning-rate", "above 0"),
    ("--batch 0", "--batch", "found 0"), ("--hidden 0", "--hidden", "found 0"),
    ("--hidden 45", "--hidden", "2 heads do not divide a hidden size of 45"), ("--layers 0", "--layers", "found 0"),
    ("--heads 5", "--heads", "5 heads do not divide"), ("--length 1", "--length", "from 2 to"),
    ("--dropout 1.5", "--dropout", "found 1.5"), ("--metric AUC", "--metric", "it is read off labels"),
    ("--loss bpr --set stages.0.labelSmoothing=0.5", "stages.0.labelSmoothing", "set loss.kind to full"),
    ("--set model.dropout=1.5", "model.dropout", "found 1.5"),
  ]) func anErrorNamesWhatWasTyped(words: String, name: String, fault: String) async throws {
    let the = try await TrainedModel.shared.value
    let typed = words.split(separator: " ").map(String.init)
    let outcome = try await TypedCommand(["train", "log.csv", "--model", "m"] + typed, in: the.folder.url).finish()
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("cloze: “\(name)” cannot be used: "), "\(outcome.errors)")
    #expect(outcome.errors.contains(fault), "\(outcome.errors)")
  }

  @Test(arguments: ["--hidden", "--layers", "--heads"])
  func aSizeThatAModelDoesNotHaveIsRefusedByItsFlag(flag: String) async throws {
    let the = try await TrainedModel.shared.value
    let outcome = try await TypedCommand(
      ["train", "log.csv", "--model", "m", "--from", "model", flag, "77"], in: the.folder.url
    ).finish()
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(outcome.errors.contains("\(flag) 77, but model has "), "\(outcome.errors)")
    #expect(outcome.errors.contains("its weights fit no other; leave \(flag) out"))
  }

  @Test func theMetricOfEarlyStoppingIsNamed() async throws {
    let the = try await TrainedModel.shared.value
    func train(_ words: String...) async throws -> TypedCommand.Outcome {
      try await TypedCommand(
        ["train", "log.csv", "--model", "by-metric", "--hidden", "8", "--layers", "1", "--epochs", "2"] + words,
        in: the.folder.url
      ).finish()
    }
    let trained = try await train("--metric", "MRR@5")
    #expect(trained.status == 0 && trained.output.contains("best validation NDCG@10 "), "\(trained.errors)")
    #expect(trained.output.contains(", MRR@5 "))
    let wrong = try await train("--metric", "auc")
    #expect(
      wrong.status == 2 && wrong.errors.contains("--metric “auc” is no figure") && wrong.errors.contains("NDCG@10"),
      "\(wrong.errors)")
  }

  @Test(arguments: [
    (["train", "log.csv", "--model", "m", "--set", "model.hiden=8"], 2, "usage", "did you mean “model.hidden”?"),
    (["train", "log.csv", "--model", "m", "--set", "model.hidden=0"], 2, "usage", "expected a whole number from 1 to"),
    (["recommend", "model", "--history", "item1", "--top", "0"], 2, "usage", "--top 0: expected a number"),
    (["recommend", "model", "--history", "item1", "--frobnicate"], 2, "usage", "Unknown option '--frobnicate'"),
    (["evaluate", "nowhere", "--log", "log.csv"], 1, "failure", "nowhere"),
  ]) func withJSONAnErrorIsAnObject(words: [String], code: Int, kind: String, text: String) async throws {
    struct Line: Decodable {
      struct Fault: Decodable { var exitCode: Int, kind: String, message: String }
      var error: Fault
    }
    let the = try await TrainedModel.shared.value
    let outcome = try await TypedCommand(words + ["--json"], in: the.folder.url).finish()
    let last = try #require(outcome.errors.split(separator: "\n").last)
    let line = try JSONDecoder().decode(Line.self, from: Data(last.utf8))
    #expect(Int(outcome.status) == code && line.error.exitCode == code && line.error.kind == kind)
    #expect(line.error.message.contains(text) && outcome.output.isEmpty, "\(outcome.errors)")
  }

  @Test func theBritishSpellingIsRefusedWithTheNewOne() async throws {
    let the = try await TrainedModel.shared.value
    let outcome = try await the.run(
      "train", "other.csv", "--model", "next", "--from", "model", "--new-items", "neighbours")
    #expect(outcome.status == 2 && outcome.errors.contains("“neighbours” is called “neighbors” since version 0.2"))
  }
}
