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
}
