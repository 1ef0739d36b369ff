import Experiments
import Foundation
import Reports
import Testing

@Suite struct ReportTests {
  static let pages = [
    "comparison": Report.html(of: SampleRecords.comparison),
    "run": Report.html(of: SampleRecords.run("first", quality: 0.15)),
  ]

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

  @Test func aVariantThatLearnedNothingDoesNotBreakThePage() {
    var comparison = SampleRecords.comparison
    comparison.variants = [comparison.variants[0]]
    comparison.variants[0].results = [MeasuredValue("NDCG@10", 0)]
    comparison.variants[0].runs = []
    comparison.variants[0].cohorts = []
    let html = Report.html(of: comparison)
    #expect(!html.contains("nan"))
    #expect(html.contains("0.0000"))
  }
}
