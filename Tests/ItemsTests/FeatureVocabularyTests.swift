import Foundation
import Interactions
import Items
import Testing

@Suite struct FeatureVocabularyTests {
  private func table(_ columns: [(String, ItemColumn.Kind, ItemValues)], ids: [String]) throws -> ItemTable {
    let text = "item_id,title\n" + ids.map { "\($0),T\($0)\n" }.joined()
    let summary = try ItemFile.read(Data(text.utf8)).summary
    return ItemTable(
      source: "items.csv", ids: Catalog(ids), titles: ids.map { "T\($0)" },
      columns: columns.map { ItemColumn(name: $0.0, kind: $0.1) }, values: columns.map(\.2), summary: summary)
  }

  private func entries(_ list: [FeatureVocabulary.Entry]) -> [String] { list.map { "\($0.value):\($0.weight)" } }

  @Test func anItemIsAMeanOfTheMeansOfItsFeatures() throws {
    let table = try table(
      [
        ("genre", .category, .categories([["a", "b"], ["a"], ["b", "rare"], [], ["a", "b"]])),
        ("brand", .category, .categories([["x"], ["x"], ["y"], ["y"], []])),
      ], ids: ["1", "2", "3", "4", "5"])
    let vocabulary = try FeatureVocabulary(["genre", "brand"], of: table, for: table.ids)
    #expect(vocabulary.features.map(\.values) == [["a", "b"], ["x", "y"]])
    let encode = try vocabulary.encoder(of: table)
    #expect(entries(encode("1")) == ["0:0.25", "1:0.25", "2:0.5"])
    #expect(entries(encode("3")) == ["1:0.5", "3:0.5"])
    #expect(entries(encode("4")) == ["3:1.0"])
    #expect(entries(encode("5")) == ["0:0.5", "1:0.5"])
    #expect(encode("6").isEmpty)
  }

  @Test func numbersFallIntoQuantilesAndEqualOnesTogether() throws {
    let numbers = (0..<64).map { Double($0 < 32 ? 0 : $0) }
    let table = try table([("price", .number, .numbers(numbers))], ids: (0..<64).map(String.init))
    let vocabulary = try FeatureVocabulary(["all"], of: table, for: table.ids)
    #expect(vocabulary.features[0].edges == [0, 35, 39, 43, 47, 51, 55, 59])
    let encode = try vocabulary.encoder(of: table)
    #expect(["0", "31", "32", "35", "36", "63"].map { encode(Identifier($0))[0].value } == [0, 0, 1, 1, 2, 8])
    // A number that no item had falls into the bucket around it.
    let other = try self.table([("price", .number, .numbers([-5, 35.5, 1e9, nil]))], ids: ["p", "q", "r", "s"])
    let new = try vocabulary.encoder(of: other)
    #expect(["p", "q", "r"].map { new(Identifier($0))[0].value } == [0, 2, 8])
    #expect(new("s").isEmpty)
  }

  @Test func onlyItemsThatCountGiveValues() throws {
    let table = try table(
      [("genre", .category, .categories([["a"], ["a"], ["b"], ["b"]]))], ids: ["1", "2", "3", "4"])
    let vocabulary = try FeatureVocabulary(["genre"], of: table, for: table.ids) { $0 < 3 }
    #expect(vocabulary.features[0].values == ["a"])
    #expect(vocabulary.valueCount == 1)
  }

  @Test func whatIsNoFeatureIsRefusedWithThoseThereAre() throws {
    let table = try table(
      [("genre", .category, .categories([["a"]])), ("blurb", .text, .texts(["w"]))], ids: ["1"])
    #expect(throws: ItemError.notAFeature(file: "items.csv", named: "blurb", kind: .text, known: ["genre"])) {
      try FeatureVocabulary(["blurb"], of: table, for: table.ids)
    }
    #expect(throws: ItemError.noCommonItems(file: "items.csv", example: "9")) {
      try FeatureVocabulary(["genre"], of: table, for: Catalog(["9"]))
    }
    let vocabulary = try FeatureVocabulary(["genre"], of: table, for: table.ids)
    let other = try self.table([("genre", .number, .numbers([1]))], ids: ["1"])
    #expect(throws: ItemError.otherKind(file: "items.csv", column: "genre", found: .number, expected: .category)) {
      _ = try vocabulary.encoder(of: other)
    }
  }
}
