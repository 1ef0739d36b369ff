import Foundation
import Testing
import Training

/// A step works in memory that was allocated before the first one: a long training holds what a short one holds.
@Suite(
  .tags(.slow), .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status"), "the system tells no peak"))
struct TrainingMemoryTests {
  @Test(arguments: ["causal", "bert4rec", "maskedPrefixes"]) func tenThousandStepsTakeNoMoreMemoryThanFifty(
    recipe: String
  )
    async throws
  {
    let folder = try TemporaryFolder()
    let made = try await TypedCommand.run(
      "synthesize", "log.csv", "--users", "100", "--items", "60", "--clusters", "4", "--length", "12", in: folder.url)
    #expect(made.status == 0, "\(made.errors)")
    // 50 steps an epoch. How many pages of the program's file the system keeps mapped moves a run's peak by up to 9 MB,
    // whatever its length; 1,300 bytes that stay behind in each step would add 13 MB.
    let few = try await peak(recipe, epochs: 1, in: folder)
    let many = try await peak(recipe, epochs: 201, in: folder)
    #expect(many - few < 12_288, "\(few) kB after 50 steps, \(many) kB after 10,050")
  }

  /// The kilobytes that a training held at once, as its record says.
  private func peak(_ recipe: String, epochs: Int, in folder: TemporaryFolder) async throws -> Int {
    let outcome = try await TypedCommand.run(
      "train", "log.csv", "--model", "model-\(recipe)-\(epochs)", "--recipe", recipe, "--quiet", "--json", "--threads",
      "1", "--set", "model.hidden=16", "--set", "model.length=12", "--set", "stages.0.batch=2", "--set",
      "stages.0.epochs=\(epochs)", "--set", "stages.0.validateEvery=1000", in: folder.url)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let record = try JSONDecoder().decode(RunRecord.self, from: Data(outcome.output.utf8))
    let peak = try #require(record.cost?.peakKilobytes)
    #expect(peak < 80_000, "not this program's peak but that of the one which started it")
    return peak
  }
}
