import Foundation
import Testing

@Suite struct ClassifyCommandTests {
  @Test func trainsOnUsersAndLabelsThem() async throws {
    let trained = try await TrainedModel.shared.value
    let folder = try TemporaryFolder()
    let log = trained.folder.url.appendingPathComponent("log.csv").path
    let histories = try trained.histories()
    let rows = histories.map { "\($0.key),\($0.value.count > 8 ? "long" : "short")\n" }.sorted()
    _ = try folder.file("users.csv", "user,kind of history\n" + rows.joined())
    let model = trained.folder.url.appendingPathComponent("model").path
    let train = try await TypedCommand.run(
      "train", log, "--labels", "users.csv", "--from", model, "--model", "kinds", "--epochs", "3", in: folder.url)
    #expect(train.status == 0, "\(train.errors)")
    #expect(train.errors.contains("2 labels: long, short"))
    #expect(train.errors.contains("saw only what came before; from here on every item sees the whole sequence"))
    #expect(train.output.contains("calibration error") && train.output.contains("without histories"))
    #expect(folder.text("kinds/config.json")?.contains("\"BertForSequenceClassification\"") == true)
    #expect(folder.text("kinds/README.md")?.contains("text-classification") == true)
    let labels = try await TypedCommand.run(
      "classify", "kinds", "--log", log, "--output", "out/labels.csv", in: folder.url)
    #expect(labels.status == 0, "\(labels.errors)")
    let lines = folder.text("out/labels.csv")?.split(separator: "\n") ?? []
    #expect(lines.first == "user,label,probability" && lines.count == histories.count + 1)
    let figures = try await TypedCommand.run(
      "classify", "kinds", "--log", log, "--labels", "users.csv", "--json", "-q", in: folder.url)
    #expect(figures.status == 0 && figures.output.contains("\"macroF1\""), "\(figures.errors)")
    let other = try await TypedCommand.run("recommend", "kinds", "--log", log, in: folder.url)
    #expect(other.status == 1 && other.errors.contains("labels whole sequences and scores no items"))
    let wrong = try await TypedCommand.run("classify", model, "--log", log, in: folder.url)
    #expect(wrong.status == 1 && wrong.errors.contains("has no head that labels sequences"))
    let set = try await TypedCommand.run(
      "train", log, "--labels", "users.csv", "--model", "m", "--recipe", "sasrec", in: folder.url)
    #expect(set.status == 2 && set.errors.contains("--recipe is not for --labels"))
  }

  /// A classifier's training that was killed resumes with the bytes of one that was not, by any way of saying its settings.
  @Test func aKilledTrainingResumes() async throws {
    let trained = try await TrainedModel.shared.value
    let folder = try TemporaryFolder()
    let log = trained.folder.url.appendingPathComponent("log.csv").path
    let rows = try trained.histories().map { "\($0.key),\($0.value.count > 8 ? "long" : "short")\n" }.sorted()
    _ = try folder.file("users.csv", "user,kind\n" + rows.joined())
    let flags =
      "--hidden 16 --layers 1 --dropout 0.2 --epochs 200 --batch 8 --set stages.0.patience=0 --metric AUC --seed 3"
    let outcome = try await TypedCommand.shell(
      """
      cloze train \(log) --labels users.csv --model killed \(flags) --keep-every 0 &
      while [ ! -e .killed.training/state.json ]; do sleep 0.01; done
      kill -9 $!
      set -e
      test ! -e killed
      cloze settings --for \(log) --labels users.csv \(flags) > all.yaml
      cloze train \(log) --labels users.csv --model killed --config all.yaml --resume --threads 1 --progress
      cloze train \(log) --labels users.csv --model whole \(flags)
      cmp killed/model.safetensors whole/model.safetensors
      ls -A
      """, in: folder.url)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("resuming train epoch "))
    #expect(outcome.output.contains("\nall.yaml\nkilled\nusers.csv\nwhole\n"), "\(outcome.output)")
    let yaml = folder.text("all.yaml") ?? ""
    #expect(yaml.contains("  task: classification  # what --labels holds\n") && yaml.contains("seed: 3  # --seed\n"))
    #expect(yaml.contains("    epochs: 200  # --epochs\n") && !yaml.contains("pooling"), "\(yaml)")
    _ = try folder.file("recipe.yaml", "recipe: sasrec\n")
    let recipe = try await TypedCommand.run(
      "train", log, "--labels", "users.csv", "--model", "m", "--config", "recipe.yaml", in: folder.url)
    #expect(recipe.status == 2 && recipe.errors.contains("the file says recipe: sasrec, but --labels have"))
    let wrong = try await TypedCommand.run(
      "train", log, "--labels", "users.csv", "--model", "m", "--metric", "RMSE", in: folder.url)
    #expect(wrong.status == 2 && wrong.errors.contains("“--metric” cannot be used: “RMSE” is no figure of labels"))
  }

  @Test func trainsOnLinesOfText() async throws {
    let folder = try TemporaryFolder()
    let words = [["good", "fine", "nice"], ["bad", "poor", "dull"]]
    let lines = (0..<120).map { "the film was \(words[$0 % 2][$0 / 2 % 3]) and \(words[$0 % 2][$0 / 5 % 3])" }
    _ = try folder.file("lines.txt", lines.joined(separator: "\n") + "\n")
    _ = try folder.file("labels.csv", "line,label\n" + (0..<120).map { "\($0 + 1),\($0 % 2)\n" }.joined())
    let train = try await TypedCommand.run(
      "train", "--lines", "lines.txt", "--labels", "labels.csv", "--model", "m", "--hidden", "16", "--layers", "1",
      "--learning-rate", "0.003", "--json", in: folder.url)
    #expect(train.status == 0, "\(train.errors)")
    #expect(train.output.contains("\"accuracy\" : 1,\n      \"auc\" : 1,"), "\(train.output)")
    let lineResult = try await TypedCommand.run("classify", "m", "--lines", "lines.txt", "--json", "-q", in: folder.url)
    #expect(lineResult.lines.count == 120 && lineResult.lines[0].contains("\"label\":\"0\",\"line\":1"))
    _ = try folder.file("more.csv", "line,label\n1,0\n2,2\n")
    let unknown = try await TypedCommand.run(
      "classify", "m", "--lines", "lines.txt", "--labels", "more.csv", in: folder.url)
    #expect(unknown.errors.contains("more.csv, line 3: the model knows no label “2”, only 0, 1"))
    let neither = try await TypedCommand.run("train", "--labels", "labels.csv", "--model", "x", in: folder.url)
    #expect(neither.status == 2 && neither.errors.contains("--labels are of the users of a log, or of --lines"))
  }
}
