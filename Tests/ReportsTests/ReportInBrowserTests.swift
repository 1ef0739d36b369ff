import Reports
import Testing

@Suite(.enabled(if: Browser.isInstalled, "no Chromium is installed (Debian package chromium)"), .serialized)
struct ReportInBrowserTests {
  @Test(arguments: [380, 1280])
  func aComparisonShowsEveryVariant(width: Int) async throws {
    let (sight, console) = try await Browser.load(Report.html(of: SampleRecords.comparison), width: width)
    #expect(console.isEmpty)
    #expect(sight.pageWidth <= width)
    #expect(sight.pictures == 7)
    #expect(sight.overlaps.isEmpty, "\(sight.overlaps)")
    for pooling in SampleRecords.poolings { #expect(sight.text.contains(pooling)) }
    #expect(sight.legends == 5)
    #expect(sight.text.contains("tail wins; mean is not distinguishable from it."))
  }

  @Test(arguments: [390, 1280])
  func aRunShowsItsModelAndItsRivals(width: Int) async throws {
    let (sight, console) = try await Browser.load(
      Report.html(of: SampleRecords.run("first model", quality: 0.15)), width: width)
    #expect(console.isEmpty)
    #expect(sight.pageWidth <= width)
    // Results, two curves over k, ranks, learning, loss, two kinds of cohorts, and three of the log.
    #expect(sight.pictures == 11)
    #expect(sight.overlaps.isEmpty, "\(sight.overlaps)")
    for text in [
      "coverage", "Events over time",
      "first model", "popularity", "last-item Markov", "leave-one-out", "get the same ten items",
      "0.1500 (0.1440–0.1560)",
    ] {
      #expect(sight.text.contains(text))
    }
  }
}
