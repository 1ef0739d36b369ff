import Foundation
import Testing
import Training

/// A step works in room that was made before the first one: a long training holds what a short one holds.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status"), "the system tells no peak"))
struct TrainingMemoryTests {
  @Test(arguments: ["causal", "plain", "queries"]) func aThousandStepsTakeNoMoreMemoryThanFifty(recipe: String)
    async throws
  {
    let folder = try TemporaryFolder()
    let made = try await TypedCommand.run(
      "synthesize", "log.csv", "--users", "100", "--items", "60", "--clusters", "4", "--length", "12", in: folder.url)
    #expect(made.status == 0, "\(made.errors)")
    // Where the system puts a thread's heap moves one run's peak by 2 MB, in either length and every other run; memory
    // that grows with the steps is in every run. 50 steps an epoch.
    let few = try await peak(recipe, epochs: 1, in: folder)
    var many = Int.max
    for _ in 0..<12 where many - few >= 1_024 { many = min(many, try await peak(recipe, epochs: 21, in: folder)) }
    #expect(many - few < 1_024, "\(few) kB after 50 steps, \(many) kB after 1,050")
  }

  /// The kilobytes that a training held at once, as its record says.
  private func peak(_ recipe: String, epochs: Int, in folder: TemporaryFolder) async throws -> Int {
    let outcome = try await TypedCommand.run(
      "train", "log.csv", "--model", "model-\(recipe)-\(epochs)", "--recipe", recipe, "--quiet", "--json", "--threads",
      "1", "--set", "model.hidden=16", "--set", "model.length=12", "--set", "stages.0.batch=2", "--set",
      "stages.0.epochs=\(epochs)", "--set", "stages.0.validateEvery=100", in: folder.url)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let record = try JSONDecoder().decode(RunRecord.self, from: Data(outcome.output.utf8))
    let peak = try #require(record.cost?.peakKilobytes)
    #expect(peak < 80_000, "not this program's peak but that of the one which started it")
    return peak
  }
}
