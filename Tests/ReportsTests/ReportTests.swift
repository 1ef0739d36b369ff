import RankingMetrics
import Evaluation
import Foundation
import Reports
import Testing
import Training

@Suite struct ReportTests {
  static let pages = [
    "comparison": Report.html(of: SampleRecords.comparison),
    "run": Report.html(of: SampleRecords.run("first", quality: 0.15)),
  ]

  @Test(arguments: [1e19, -9.3e18, 1e300]) func figuresBeyondAllBoundsAreDrawn(figure: Double) {
    #expect(Report.html(of: SampleRecords.run("odd", quality: figure)).contains("</html>"))
  }

  @Test(arguments: pages.keys.sorted())
  func aPageAsksForNothing(of kind: String) throws {
    let html = try #require(Self.pages[kind])
    for word in ["<script", "http:", "https:", "@import", "url(", "{{"] {
      #expect(html.range(of: word) == nil, "\(word)")
    }
  }

  @Test(arguments: pages.keys.sorted())
  func everyPictureIsNamedAndEveryTableHasACaption(of kind: String) throws {
    let html = try #require(Self.pages[kind])
    let count = { (text: String) in html.components(separatedBy: text).count - 1 }
    #expect(count("role=\"img\"") > 3)
    #expect(count("role=\"img\"") == count("<title id="))
    #expect(count("role=\"img\"") == count("<desc id="))
    #expect(count("<table>") == count("<caption id="))
    let identifiers = html.components(separatedBy: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(Set(identifiers).count == identifiers.count)
  }

  /// A ninth variant gets the first one's colour again; dash and marker still tell them apart.
  @Test func variantsDifferInMoreThanColour() throws {
    let html = Report.html(of: SampleRecords.comparison)
    let legend = try #require(html.components(separatedBy: "class=\"legend\"").dropFirst().first)
    let keys = legend.components(separatedBy: "<svg class=\"key\"").dropFirst().prefix(SampleRecords.poolings.count).map
    {
      key in
      (0..<8).reduce(key.components(separatedBy: "</svg>")[0]) {
        $0.replacingOccurrences(of: " s\($1)\"", with: " dash\($1 % 4)\"")
      }
    }
    #expect(keys.count == SampleRecords.poolings.count)
    #expect(Set(keys).count == keys.count)
  }

  /// Where points are not joined, no line stands before a name.
  @Test func theLegendOfPointsHasNoLine() throws {
    let html = Report.html(of: SampleRecords.comparison)
    let keys = html.components(separatedBy: "<svg class=\"key").dropFirst().map {
      $0.components(separatedBy: "</svg>")[0]
    }
    let points = keys.filter { $0.hasPrefix(" point") }
    #expect(points.count > 3 * SampleRecords.poolings.count && points.count < keys.count)
    for key in keys { #expect(key.contains("<line") != key.hasPrefix(" point")) }
  }

  @Test func textIsNeverMarkup() {
    let html = Report.html(of: SampleRecords.comparison)
    #expect(!html.contains("cls<b>"))
    #expect(html.contains("cls&lt;b&gt;&amp;&quot;x&quot;"))
  }

  @Test func aBareRunIsStillAPage() {
    let run = RunRecord(
      name: "bare", program: "cloze 0.1.0", log: SampleRecords.log, configuration: .object([:]), seed: 1,
      cost: RunCost(trainingSeconds: 1, threads: 1))
    let html = Report.html(of: run)
    #expect(html.contains("<h1>bare</h1>"))
    #expect(html.contains("not measured"))
    #expect(!html.contains("<h2 id=\"results-heading\">"))
    #expect(!html.contains("nan"))
  }

  @Test func aRunSaysWhatItStartedFromAndHowWellSegmentsWereTold() throws {
    var run = SampleRecords.run("next", quality: 0.15)
    #expect(!Report.html(of: run).contains("id=\"start-heading\""))
    #expect(!Report.html(of: run).contains("next-segment"))
    let start = """
      {"from": "may", "tensors": 42, "rows": 3421, "knownItems": 3016, "newItems": 257, "drawnItems": 12,
       "positions": 200, "newPositions": 0, "fresh": ["pooling.query"], "ignored": []}
      """
    run.start = try JSONDecoder().decode(StartSummary.self, from: Data(start.utf8))
    run.epochs[0].nextSegmentAccuracy = 0.5
    run.epochs[1].nextSegmentAccuracy = 0.8125
    let html = Report.html(of: run)
    for text in ["What came from may", "3,421", "3,016", "257", "pooling.query", "next-segment accuracy from 0.5000"] {
      #expect(html.contains(text), "\(text)")
    }
  }

  @Test func aVariantThatLearnedNothingDoesNotBreakThePage() {
    var comparison = SampleRecords.comparison
    comparison.variants = [comparison.variants[0]]
    comparison.variants[0].results = [MeasuredValue(MetricKey(.ndcg, 10), 0)]
    comparison.variants[0].runs = []
    comparison.variants[0].cohorts = []
    let html = Report.html(of: comparison)
    #expect(!html.contains("nan"))
    #expect(html.contains("0.0000"))
  }
}
