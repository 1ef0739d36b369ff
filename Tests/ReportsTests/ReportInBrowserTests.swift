import Reports
import Testing

@Suite(.enabled(if: Browser.isInstalled, "no Chromium is installed (Debian package chromium)"), .serialized)
struct ReportInBrowserTests {
  @Test(arguments: [380, 1280])
  func aComparisonShowsEveryVariant(width: Int) async throws {
    let (sight, console) = try await Browser.load(Report.html(of: SampleRecords.comparison), width: width)
    #expect(console.isEmpty)
    #expect(sight.pageWidth <= width)
    #expect(sight.pictures == 8)
    #expect(sight.overlaps.isEmpty, "\(sight.overlaps)")
    #expect(sight.letters > 10)
    for pooling in SampleRecords.poolings { #expect(sight.text.contains(pooling)) }
    #expect(sight.legends == 6)
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
    #expect(sight.letters > 10)
    for text in [
      "coverage", "Events over time",
      "first model", "popularity", "last-item Markov", "leave-one-out", "get the same ten items",
      "0.1500 (0.1440–0.1560)",
    ] {
      #expect(sight.text.contains(text))
    }
  }

  @Test(arguments: [390, 1280])
  func whatAModelRecommendsIsShownWithAMap(width: Int) async throws {
    let titles = (0..<40).map { "A rather long title of a film, number \($0) (1994)" }
    let examples = ListExamples(
      seed: 1,
      users: (0..<12).map { user in
        .init(history: (0..<5).map { titles[(user + $0) % 40] }, list: (0..<5).map { titles[(user * 3 + $0) % 40] })
      },
      neighbors: (0..<12).map { .init(item: titles[$0], nearest: Array(titles[20..<25])) },
      places: titles.enumerated().map { index, title in
        .init(
          item: title, x: Double(index % 7) - 3, y: Double(index * index % 11),
          category: index % 10 == 9 ? nil : "genre \(index % 10)")
      }, colored: "genres", variance: 0.25)
    let (sight, console) = try await Browser.load(
      Report.html(of: SampleRecords.run("first model", quality: 0.15), examples: examples), width: width)
    #expect(console.isEmpty)
    #expect(sight.pageWidth <= width)
    #expect(sight.pictures == 12)
    #expect(sight.covered.isEmpty, "\(sight.covered)")
    #expect(sight.overlaps.isEmpty, "\(sight.overlaps)")
    #expect(sight.letters > 10)
    for text in ["What it recommends", "colored by genres", "genre 0", "others", "number 24 (1994)"] {
      #expect(sight.text.contains(text), "\(text)")
    }
  }
}
