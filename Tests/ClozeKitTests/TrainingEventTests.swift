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

  @Test func aWrongRecipeIsAnError() async throws {
    let ring = try await Ring.shared.value
    await #expect {
      _ = try await Training(recipe: "sasrek").train(on: ring.log, into: ring.model)
    } throws: { "\($0)".contains("did you mean “sasrec”?") }
  }
}
