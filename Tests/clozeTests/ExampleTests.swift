import Foundation
import Testing

/// What `Examples/` holds runs as its readers run it.
@Suite struct ExampleTests {
  private static let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Examples").standardized

  @Test func thePipelineLeadsFromALogToListsAndAPage() async throws {
    let folder = try TemporaryFolder()
    let outcome = try await TypedCommand.shell(
      "'\(Self.examples.path)/pipeline' work --users 100 --items 40 --length 8", in: folder.url)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(folder.text("work/next.csv")?.split(separator: "\n").count == 1 + 100 * 10)
    #expect(folder.text("work/model/report.html") != nil)
  }

  @Test func theSwiftProgramTrainsAndRecommends() async throws {
    let folder = try TemporaryFolder()
    let outcome = try await TypedCommand.shell("NextItems made", in: folder.url)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.lines.first == "2400 events of 200 users and 30 items")
    // Nine of ten visitors turn the page.
    #expect(outcome.lines.contains { $0.hasPrefix("after page7: page8, ") }, "\(outcome.output)")
    #expect(outcome.lines.last == "2000 rows for 200 users in lists.csv")
    #expect(folder.text("made/lists.csv")?.split(separator: "\n").count == 1 + 2000)
  }

  /// The tasks of an array job one after another, as Slurm numbers them, and the pods of an indexed Job.
  @Test func tasksOfAnArrayJobAndPodsOfAJobMakeTheWholeRun() async throws {
    let the = try await TrainedModel.shared.value
    let outcome = try await TypedCommand.shell(
      """
      set -e
      export SLURM_ARRAY_TASK_COUNT=3
      for i in 1 2 3; do SLURM_ARRAY_TASK_ID=$i '\(Self.examples.path)/slurm/recommend' model log.csv slurm; done
      '\(Self.examples.path)/slurm/merge' slurm slurm.csv
      sed -n '/- |$/,/resources:/s/^              //p' '\(Self.examples.path)/kubernetes/recommend.yaml' | sed 's,/data/,,g' > pod
      for i in $(seq 0 15); do JOB_COMPLETION_INDEX=$i bash -eu pod; done
      cloze merge parts/part-*.csv --output kubernetes.csv
      """, in: the.folder.url)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let whole = try await the.run("recommend", "model", "--log", "log.csv", "--exclude-seen")
    #expect(the.folder.text("slurm.csv") == whole.output)
    #expect(the.folder.text("kubernetes.csv") == whole.output)
  }
}
