import ClozeKit
import Foundation
import TestSupport
import Testing

/// Users of the ring have one of three sets of items: what they are labeled by, and what their numbers come from.
@Suite struct LabelTests {
  private let folder = TestFolder.url.appendingPathComponent("kit-labels-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func labels(_ ring: Ring) -> [String: String] {
    Dictionary(uniqueKeysWithValues: (0..<80).map { ("person \($0)", ["red", "green", "blue"][$0 % 3]) })
  }

  @Test func aClassifierTellsUsersApart() async throws {
    let ring = try await Ring.shared.value
    let known = labels(ring)
    var settings = Training.Settings()
    (settings.hidden, settings.layers, settings.epochs, settings.batch) = (32, 1, 60, 8)
    (settings.learningRate, settings.dropout) = (0.003, 0)
    var (epochs, outcome) = (0, LabelTraining.Outcome?.none)
    let training = LabelTraining(settings: settings)
    let all = try Labels(known.merging(["gone": "red"]) { $1 })
    for try await event in training.events(on: ring.log, labels: all, into: folder) {
      switch event {
      case .training(.epochEnded(_, _, _, let validation, _)):
        epochs += 1
        #expect(validation["accuracy"] != nil && validation["loss"] != nil)
      case .training: break
      case .finished(let result): outcome = result
      }
    }
    let reached = try #require(outcome)
    #expect(reached.epochs == epochs && reached.labelsWithoutHistory == 1)
    #expect(reached.test["accuracy"] == 1 && reached.test["macro F1"] == 1)
    #expect(reached.withoutHistories["accuracy"] ?? 1 < 0.6 && reached.test["MAE"] == nil)
    let classifier = try await Classifier.load(directory: folder)
    #expect(classifier.task == .classification && classifier.labels == ["blue", "green", "red"])
    let predictions = try await classifier.predict(usersOf: ring.log)
    #expect(predictions.map(\.label) == ring.log.users.map { known[$0] })
    let histories = ring.log.users.map { ring.log.history(of: $0) ?? [] }
    #expect(try await classifier.predict(histories: histories) == predictions)
    let alone = try await classifier.predict(histories: [histories[7]])
    #expect(alone == [predictions[7]])
    if case .label(_, let probabilities) = predictions[0] { #expect(abs(probabilities.values.reduce(0, +) - 1) < 1e-6) }
    let figures = try await classifier.evaluate(on: ring.log, labels: try Labels(known))
    #expect(figures["accuracy"] == 1 && figures["AUC"] == 1)
    await #expect {
      try await classifier.evaluate(on: ring.log, labels: try Labels(known.mapValues { _ in "mauve" }))
    } throws: { "\($0)".contains("the label of “person 0”: the model knows no label “mauve”, only blue, green, red") }
    #expect { try Recommender(directory: folder) } throws: { "\($0)".contains("labels whole sequences") }
  }

  /// From the encoder of a recommender; of a file and of a dictionary it is the same training.
  @Test func aNumberIsPredicted() async throws {
    let ring = try await Ring.shared.value
    let numbers = Dictionary(uniqueKeysWithValues: (0..<80).map { ("person \($0)", Double($0 % 3 * 100)) })
    let table = folder.appendingPathComponent("spent.csv")
    let rows = numbers.sorted { $0.key < $1.key }.map { "\($0.key),\($0.value)\n" }.joined()
    try Data(("user,number\n" + rows).utf8).write(to: table)
    let training = LabelTraining(
      settings: ["stages.0.epochs": "20", "stages.0.learningRate.peak": "0.005"], startsFrom: ring.model)
    let outcome = try await training.train(
      on: ring.log, labels: Labels(numbers: numbers), into: folder.appendingPathComponent("a"))
    let error = try #require(outcome.test["mean absolute error"])
    #expect(error < 30 && error < (outcome.withoutHistories["mean absolute error"] ?? 0) / 2)
    let again = try await training.train(
      on: ring.log, labels: Labels(table, task: .regression), into: folder.appendingPathComponent("b"))
    #expect(again.validation == outcome.validation && again.test == outcome.test)
    let regressor = try Classifier(directory: folder.appendingPathComponent("b"))
    #expect(regressor.task == .regression && regressor.labels == ["number"])
    #expect(try await regressor.predict(histories: [["item 1", "item 2"]])[0].number?.isFinite == true)
    await #expect {
      try await regressor.evaluate(on: ring.log, labels: Labels(labels(ring)))
    } throws: { "\($0)".contains("predicts numbers, and the file has texts") }
  }

  @Test func aCancelledTrainingResumesToTheSameModel() async throws {
    let ring = try await Ring.shared.value
    let known = try Labels(labels(ring))
    let settings: Training.Settings = ["model.hidden": "16", "model.layers": "1", "stages.0.epochs": "6"]
    let (cancelled, whole) = (folder.appendingPathComponent("cancelled"), folder.appendingPathComponent("whole"))
    let task = Task { try await LabelTraining(settings: settings).train(on: ring.log, labels: known, into: cancelled) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let resumed = try await LabelTraining(settings: settings, resumes: true).train(
      on: ring.log, labels: known, into: cancelled)
    let straight = try await LabelTraining(settings: settings).train(on: ring.log, labels: known, into: whole)
    #expect(resumed.validation == straight.validation && resumed.test == straight.test)
    let weights = try [cancelled, whole].map { try Data(contentsOf: $0.appendingPathComponent("model.safetensors")) }
    #expect(weights[0] == weights[1])
  }

  @Test func theExampleRuns() async throws {
    let ring = try await Ring.shared.value
    let table = folder.appendingPathComponent("kinds.csv")
    let rows = labels(ring).map { "\($0),\($1 == "red" ? 1 : 0)\n" }
    try Data(("user,churn\n" + rows.joined()).utf8).write(to: table)
    let model = folder.appendingPathComponent("model")
    try await labelUsers(log: ring.folder.appendingPathComponent("log.csv"), labels: table, model: model)
    #expect(try Classifier(directory: model).labels == ["0", "1"])
  }

  @Test func whatCannotBeLearnedIsSaid() async throws {
    let ring = try await Ring.shared.value
    func fault(_ labels: @autoclosure () throws -> Labels, _ settings: Training.Settings = [:]) async -> String {
      do {
        _ = try await LabelTraining(settings: settings).train(on: ring.log, labels: labels(), into: folder)
        return ""
      } catch { return "\(error)" }
    }
    let known = labels(ring)
    #expect(await fault(try Labels([:])).contains("there are no labels"))
    #expect(await fault(try Labels(["a": ""])).contains("the label of “a” is empty"))
    #expect(await fault(try Labels(numbers: ["a": .nan])).contains("the number of “a” is nan"))
    #expect(await fault(try Labels(["a": "x", "b": "y"])).contains("only 0 of the 2 ids of the labels are in log"))
    #expect(await fault(try Labels(known.mapValues { _ in "x" })).contains("at least two labels are needed"))
    #expect(await fault(try Labels(known), ["stages.0.loss.kind": "bpr"]).contains("it is not for --labels"))
    #expect(await fault(try Labels(known), ["stages.0.metric": "RMSE"]).contains("“RMSE” is no figure of labels"))
  }
}
