import Interactions
import Testing

@Suite struct CatalogTests {
  @Test func idsKeepTheirTextAndTheOrderOfTheirAppearance() {
    var catalog = Catalog(["b", "a", ""])
    #expect(catalog.insert("a") == 1)
    #expect(catalog.insert("新") == 3)
    #expect(catalog.names == ["b", "a", "", "新"])
    #expect(catalog.index(of: "") == 2)
    #expect(catalog.index(of: "c") == nil)
  }

  @Test func idsThatAreWrittenWithOtherBytesStayApart() {
    let catalog = Catalog(["caf\u{E9}", "cafe\u{301}"])
    #expect(catalog.index(of: "caf\u{E9}") == 0)
    #expect(catalog.index(of: "cafe\u{301}") == 1)
  }

  @Test func manyIdsAreFoundAgain() {
    var table = IdentifierTable()
    for number in 0..<20_000 { #expect(table.insert("id \(number &* 7_919)") == number) }
    for number in stride(from: 0, to: 20_000, by: 17) {
      #expect(table.index(of: "id \(number &* 7_919)") == number)
      #expect(table[number] == "id \(number &* 7_919)")
    }
    #expect(table.index(of: "id -1") == nil)
  }
}
