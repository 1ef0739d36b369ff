import Foundation
import Testing

/// A step works in room that was made before the first one: a long training holds what a short one holds.
@Suite struct TrainingMemoryTests {
  @Test(arguments: ["causal", "plain", "queries"]) func aThousandStepsTakeNoMoreMemoryThanFifty(recipe: String)
    async throws
  {
    let folder = try TemporaryFolder()
    let made = try await TypedCommand(
      ["synthesize", "log.csv", "--users", "100", "--items", "60", "--clusters", "4", "--length", "12"], in: folder.url
    ).finish(within: .seconds(60))
    #expect(made.status == 0, "\(made.errors)")
    // 50 steps an epoch.
    let few = try leastPeak(recipe, epochs: 1, in: folder)
    let many = try leastPeak(recipe, epochs: 21, in: folder)
    #expect(many - few < 1_024, "\(few) kB after 50 steps, \(many) kB after 1,050")
  }

  /// The least of four runs: where the system puts a thread's heap moves one run's peak by 2 MB, in either length;
  /// memory that grows with the steps is in every run.
  private func leastPeak(_ recipe: String, epochs: Int, in folder: TemporaryFolder) throws -> Int {
    var least = Int.max
    for run in 0..<4 {
      let peak = try PeakMemory.kilobytes(
        of: [
          "train", "log.csv", "--model", "model-\(recipe)-\(epochs)-\(run)", "--recipe", recipe, "--quiet",
          "--threads", "1", "--set", "model.hidden=16", "--set", "model.length=12", "--set", "stages.0.batch=2",
          "--set", "stages.0.epochs=\(epochs)", "--set", "stages.0.validateEvery=100",
        ], in: folder.url)
      least = min(least, peak)
    }
    return least
  }
}
