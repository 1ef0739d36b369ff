import Foundation
import Interactions
import Recommending
import TestSupport
import Testing

@Suite struct CandidateListsTests {
  let catalog = Catalog(["a", "b", "caf\u{E9}", "cafe\u{301}"])

  @Test func namesChooseItemsByTheirBytes() throws {
    let (allowed, findings) = try CandidateLists(only: ["b", "caf\u{E9}", "x"], excluded: ["b", "y"]).allowed(
      in: catalog)
    #expect(allowed == [false, false, true, false])
    #expect(
      findings.map(\.sentence) == [
        "1 item to choose from is unknown to the model", "1 item to exclude is unknown to the model",
      ])
    #expect(findings.map(\.ids) == [["x"], ["y"]])
    #expect(try CandidateLists().allowed(in: catalog).allowed == nil)
    #expect(throws: RecommendationError.noCandidates) { try CandidateLists(only: ["x"]).allowed(in: catalog) }
  }

  @Test func theLastGroupOfAnItemCounts() {
    let (limit, findings) = GroupLimit.assigning(
      [("a", "g"), ("cafe\u{301}", "h"), ("a", "h"), ("z", "g")].map {
        (item: Identifier($0.0), group: Identifier($0.1))
      }, most: 1,
      catalog: catalog)
    #expect(limit.groups == [1, -1, -1, 1])
    #expect(findings.map(\.label) == ["item of --groups", "item of several groups", "item without a group"])
    #expect(findings.map(\.ids) == [["z"], ["a"], ["b", "caf\u{E9}"]])
  }

  @Test func historiesAreSplitByBytes() {
    #expect(GivenHistories.ids("a,, \u{301}b ,a") == ["a", "\u{301}b", "a"])
  }

  @Test func aQuotationMarkUnderAnAccentIsDoubled() {
    #expect(Array(CSVField.quote("a\"\u{301}b").unicodeScalars) == Array("\"a\"\"\u{301}b\"".unicodeScalars))
    #expect(CSVField.quote("plain") == "plain" && CSVField.quote("a\nb") == "\"a\nb\"")
  }
}
