import Reports
import Testing

@Suite struct FigureTextTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (999_611, "999,611"), (1_234_567, "1,234,567"), (-1000, "−1,000"),
  ])
  func countsAreGrouped(count: Int, text: String) { #expect(FigureText.count(count) == text) }

  @Test(arguments: [
    (0.4211, "0.42 s"), (45.2, "45 s"), (59.7, "1 min 0 s"), (200, "3 min 20 s"), (7500, "2 h 5 min"),
  ])
  func timeHasItsTwoLargestUnits(seconds: Double, text: String) {
    #expect(FigureText.duration(seconds: seconds) == text)
  }

  /// A record may say anything.
  @Test(arguments: [1e19, -1e300, .infinity, .nan]) func timesBeyondAllBoundsAreWritten(seconds: Double) {
    #expect(!FigureText.duration(seconds: seconds).isEmpty)
  }

  @Test func figuresAreWrittenAsPublished() {
    #expect(FigureText.metric(0.15366) == "0.1537")
    #expect(FigureText.difference(-0.0021) == "−0.0021")
    #expect(FigureText.difference(0.0021) == "+0.0021")
    #expect(FigureText.p(0.0004) == "< 0.001")
    #expect(FigureText.p(0.0421) == "0.042")
  }
}
