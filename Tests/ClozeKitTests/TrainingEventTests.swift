import ClozeKit
import Foundation
import TestSupport
import Testing

@Suite struct TrainingEventTests {
  @Test func aTrainingIsASequenceOfEvents() async throws {
    let ring = try await Ring.shared.value
    let tuned = TestFolder.url.appendingPathComponent("events-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: tuned) }
    let training = Training(settings: ["stages.0.epochs": "2"], startsFrom: ring.model, split: .newUsers(share: 0.2))
    var epochs: [Int] = []
    var outcome: Training.Outcome?
    var isFirst = true
    for try await event in training.events(on: ring.log, into: tuned) {
      if isFirst, case .stageBegan(_, let most, let sequences) = event { #expect(most == 2 && sequences > 0) }
      isFirst = false
      if case .epochEnded(_, let epoch, let loss, let validation, _) = event {
        #expect(loss.isFinite && validation["NDCG@10"] != nil)
        epochs.append(epoch)
      }
      if case .finished(let result) = event { outcome = result }
    }
    #expect(epochs == [1, 2] && outcome?.epochs == 2)
    #expect(try Recommender(directory: tuned).items == Recommender(directory: ring.model).items)
  }

  /// Typed settings are those of a path, in every stage, and are validated together.
  @Test func typedSettingsAreThoseByPath() async throws {
    let ring = try await Ring.shared.value
    var typed = Training.Settings()
    (typed.hidden, typed.heads, typed.epochs, typed.batch, typed.dropout) = (45, 3, 2, 16, 0.3)
    (typed.loss, typed.metric, typed.learningRate, typed.layers, typed.length) = (.gBCE, "HR@5", 0.002, 1, 9)
    let byPath: Training.Settings = [
      "model.hidden": "45", "model.heads": "3", "model.dropout": "0.3", "model.attentionDropout": "0.3",
      "model.layers": "1", "model.length": "9", "stages.0.epochs": "2", "stages.0.batch": "16",
      "stages.0.loss.kind": "gBCE", "stages.0.metric": "HR@5", "stages.0.learningRate.peak": "0.002",
      "stages.1.epochs": "2", "stages.1.batch": "16", "stages.1.loss.kind": "gBCE", "stages.1.metric": "HR@5",
      "stages.1.learningRate.peak": "0.002",
    ]
    let yaml = try Training(settings: typed, recipe: .bert4rec).configuration(for: ring.log)
    #expect(try yaml == Training(settings: byPath, recipe: "bert4rec").configuration(for: ring.log))
    #expect(yaml.contains("  hidden: 45  # settings\n") && yaml.contains("# recipe bert4rec\n"), "\(yaml)")
    typed.dropout = 1
    #expect {
      try Training(settings: typed).configuration(for: ring.log)
    } throws: { "\($0)".contains("expected a number from 0 to below 1, found 1") }
    #expect(Training.Recipe.allCases.contains(.joined) && Training.Recipe.allCases.allSatisfy { $0.summary != nil })
  }

  @Test func aPreparedLogIsSmaller() async throws {
    let ring = try await Ring.shared.value
    let file = ring.folder.appendingPathComponent("log.csv")
    var preparation = Log.Preparation()
    preparation.since = Date(timeIntervalSince1970: 1_700_000_004)
    let late = try await Log.read(file, preparation: preparation)
    #expect(late.count == 80 * 5 && late.users.count == 80)
    preparation.minimumUserEvents = 6
    #expect(try Log(file, preparation: preparation).users.isEmpty)
    preparation.since = Date(timeIntervalSince1970: 2_000_000_000)
    #expect(throws: ClozeError.self) { try Log(file, preparation: preparation) }
  }

  @Test func aWrongRecipeIsAnError() async throws {
    let ring = try await Ring.shared.value
    await #expect {
      _ = try await Training(recipe: "sasrek").train(on: ring.log, into: ring.model)
    } throws: { "\($0)".contains("did you mean “sasrec”?") }
  }
}
