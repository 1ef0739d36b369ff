import Foundation
import SequentialModels
import Testing
import Training

/// `cloze train --set heldOut=…`: what the record, the protocol and the warnings say of it.
@Suite struct HeldOutTests {
  private static let small = ["--set", "model.hidden=16", "--set", "model.length=10", "--set", "stages.0.epochs=2"]

  private func train(_ heldOut: String, in folder: TemporaryFolder) async throws -> RunRecord {
    let outcome = try await TypedCommand(
      ["train", "log.csv", "--model", heldOut, "--set", "heldOut=\(heldOut)", "--json"] + Self.small, in: folder.url
    ).finish()
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSONDecoder().decode(RunRecord.self, from: Data(outcome.output.utf8))
  }

  @Test func protocolsSayWhatWasLearned() async throws {
    let folder = try TemporaryFolder()
    _ = try await TypedCommand.run(
      "synthesize", "log.csv", "--users", "60", "--items", "40", "--clusters", "4", "--length", "7", in: folder.url)
    for (heldOut, learned) in [
      ("validationAndTest", nil), ("test", "learned: validation's answers, too; nothing was validated"),
      ("nothing", "learned: everything, these answers included"),
    ] {
      let record = try await train(heldOut, in: folder)
      #expect(record.epochs.count == 2)
      #expect(record.epochs.allSatisfy { $0.validation.isEmpty == (learned != nil) }, "\(heldOut)")
      let evaluated = try await TypedCommand.run("evaluate", heldOut, "--log", "log.csv", in: folder.url)
      #expect(evaluated.status == 0)
      #expect(evaluated.lines.first { $0.hasPrefix("learned: ") }.map(String.init) == learned)
      let warns = (evaluated.output + evaluated.errors).contains("the model has learned the test targets")
      #expect(warns == (heldOut == "nothing"))
    }
  }

  @Test func whatCannotBeHeldOutIsRefused() async throws {
    let folder = try TemporaryFolder()
    _ = try await TypedCommand.run(
      "synthesize", "log.csv", "--users", "60", "--items", "40", "--clusters", "4", "--length", "7", in: folder.url)
    let wrong = try await TypedCommand.run(
      "train", "log.csv", "--model", "m", "--set", "heldOut=tests", in: folder.url)
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("heldOut"))
    let compared = try await TypedCommand.run(
      "compare", "log.csv", "--poolings", "tail,mean", "--set", "heldOut=test", "--output", "c", in: folder.url)
    #expect(compared.status == 2)
    #expect(
      compared.errors.contains("“heldOut” cannot be used: a comparison chooses weights by validation; leave it out"))
  }
}
