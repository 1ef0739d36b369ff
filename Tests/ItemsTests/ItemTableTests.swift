import Foundation
import Interactions
import Items
import Testing

@Suite struct ItemTableTests {
  private func kinds(_ table: ItemTable) -> [String: ItemColumn.Kind] {
    Dictionary(uniqueKeysWithValues: table.columns.map { ($0.name, $0.kind) })
  }

  @Test func quotedTitlesListsOfGenresAndYearsAreRead() throws {
    let table = try ItemFile.read(
      Data(
        """
        movieId,title,genres
        1,"Boats, The (1995)",Comedy|Drama
        2,Rain (1980),Drama
        3,Snow (1999),Comedy
        4,Hail (2001),Drama|Comedy

        """.utf8))
    #expect(table.ids.names == ["1", "2", "3", "4"])
    #expect(table.title(of: "1") == "Boats, The (1995)")
    #expect(kinds(table) == ["genres": .category, "year": .number])
    #expect(table.values[0] == .categories([["Comedy", "Drama"], ["Drama"], ["Comedy"], ["Drama", "Comedy"]]))
    #expect(table.values[1] == .numbers([1995, 1980, 1999, 2001]))
    #expect(table.summary.id == "movieId" && table.summary.title == "title")
  }

  @Test func columnsWithoutANameAreColumns() throws {
    for name in [":", "", "::"] {
      let lines = (0..<3).map { #"{"item_id": "i\#($0)", "\#(name)": "a", "title": "T\#($0)"}"# + "\n" }.joined()
      let table = try ItemFile.read(Data(lines.utf8), named: "items.jsonl")
      #expect(table.title(of: "i1") == "T1", "\(name)")
    }
  }

  @Test func jsonLinesHaveListsAndMembersThatAreMissing() throws {
    let table = try ItemFile.read(
      Data(
        """
        {"item_id": "a", "name": "Kettle \\u00e9", "tags": ["hot", "steel"], "price": 12.5}
        {"item_id": "b", "name": "Pot", "price": null, "tags": ["steel"]}
        {"item_id": "c", "name": "Cup"}

        """.utf8), named: "items.jsonl", columns: "price=number")
    #expect(table.title(of: "a") == "Kettle é")
    #expect(table.columns.map(\.name) == ["tags", "price"])
    #expect(table.values == [.categories([["hot", "steel"], ["steel"], []]), .numbers([12.5, nil, nil])])
  }

  @Test func aFileThatIsNoUTF8IsReadAsWindows1252AndSaysSo() throws {
    let table = try ItemFile.read(
      Data("item_id;title;brand\n1;Caf".utf8) + [0xE9, 0x80] + Data(";x\n2;Tee;x\n3;Rum;y\n".utf8))
    #expect(table.title(of: "1") == "Café€")
    #expect(table.summary.isWindows1252)
    #expect(table.summary.shortLine.contains("no UTF-8, read as Windows-1252"))
  }

  @Test func moviesBetweenDoubleColonsHaveNoHeader() throws {
    let table = try ItemFile.read(
      Data("1::Fog (1980)::Horror\n2::Sun (1990)::Comedy|Horror\n3::Ice (1991)::Comedy\n".utf8))
    #expect(table.summary.publicTable == "movies.dat of MovieLens")
    #expect(table.values[0] == .categories([["Horror"], ["Comedy", "Horror"], ["Comedy"]]))
    #expect(kinds(table)["year"] == .number)
  }

  @Test func nineteenFlagsAreTheGenresOfMovieLens100k() throws {
    func row(_ id: Int, _ title: String, _ genres: [Int]) -> String {
      "\(id)|\(title) (199\(id))|01-Jan-199\(id)||http://x.y/z?\(title)|"
        + (0..<19).map { genres.contains($0) ? "1" : "0" }.joined(separator: "|") + "\n"
    }
    let table = try ItemFile.read(Data((row(1, "Fog", [11, 16]) + row(2, "Sun", [5]) + row(3, "Ice", [])).utf8))
    #expect(table.ids.names == ["1", "2", "3"])
    #expect(table.title(of: "2") == "Sun (1992)")
    #expect(table.columns.map(\.name) == ["genres", "year"])
    #expect(table.values[0] == .categories([["Horror", "Thriller"], ["Comedy"], []]))
  }

  @Test func numbersOfFewValuesAreCategoriesAndDatesAreNumbers() throws {
    let rows = (0..<40).map {
      "\($0),T\($0),\($0 % 3),\($0 * 7),2020-01-\($0 % 28 < 9 ? "0" : "")\($0 % 28 + 1),https://a.b/\($0)"
    }
    let table = try ItemFile.read(Data(("id,name,size,price,added,link\n" + rows.joined(separator: "\n") + "\n").utf8))
    #expect(kinds(table) == ["size": .category, "price": .number, "added": .number])
    #expect(table.summary.unused == ["link"])
    guard case .numbers(let days) = table.values[2] else { throw CocoaError(.featureUnsupported) }
    #expect(days[0] == 18_262 && days[1] == 18_263)
  }

  @Test func aRepeatedIDAndAShortRowAreBadRows() throws {
    let text = Data("item_id,title\n1,a\n1,b\n2\n,c\n3,d\n".utf8)
    let read = try ItemFile.read(text, maximumBadShare: 0.7)
    #expect(read.ids.names == ["1", "3"])
    #expect(read.title(of: "1") == "a")
    #expect(
      read.summary.faults == [
        .init(line: 3, reason: .repeatedID), .init(line: 4, reason: .columnCount), .init(line: 5, reason: .missingID),
      ])
    let error = #expect(throws: ItemError.self) { try ItemFile.read(text) }
    #expect(
      error?.description.hasSuffix(
        "3 of 5 rows are bad; the first is line 3: the item's id stands in a row above, which counts; mend them, or allow more with --max-bad"
      ) == true)
  }

  @Test func aColumnThatDoesNotExistIsRefusedWithTheNearest() {
    let error = #expect(throws: ItemError.self) {
      try ItemFile.read(Data("item_id,title,brand\n1,a,x\n2,b,x\n".utf8), columns: "brnd=category")
    }
    #expect(
      error?.description.hasSuffix("has no column “brnd”; did you mean “brand”?; it has item_id, title, brand") == true)
    #expect(throws: ItemError.badColumns(text: "brand=word", reason: "“word” is none of category, number, text, none"))
    {
      try ItemColumnSelection("brand=word")
    }
  }

  /// pandas writes ids as `1.0` where one of them is missing.
  @Test func coverageNamesIDsThatAreWrittenOtherwise() throws {
    let table = try ItemFile.read(Data("item_id,title\n1.0,A\n002,B\n3,C\n9,Z\n".utf8))
    var events = EventBatch()
    events.users = [0, 0, 0].map { UserID($0) }
    events.items = [0, 1, 2].map { ItemID($0) }
    let log = InteractionLog(users: Catalog(["u"]), items: Catalog(["1", "2", "3"]), events: events)
    #expect(
      ItemCoverage(table, log).description.hasSuffix(
        """
        ; without a row: 1, 2; 2 of them have a row under an id that is written otherwise, such as "1.0" for "1": write ids as \
        the log does, and read the file again
        """))
  }

  /// Categories of shops are lists of lists: `[["Toys", "Games"]]`.
  @Test func listsInListsAreOneList() throws {
    let rows = (0..<4).map { "{\"item_id\": \"\($0)\", \"categories\": [[\"Toys\", \"G\($0 % 2)\"], [[\"All\"]]]}\n" }
    let table = try ItemFile.read(Data(rows.joined().utf8))
    #expect(table.columns.map(\.kind) == [.category])
    #expect(
      table.values[0]
        == .categories([["Toys", "G0", "All"], ["Toys", "G1", "All"], ["Toys", "G0", "All"], ["Toys", "G1", "All"]]))
  }

  @Test func coverageSaysWhatLogAndTableLackOfEachOther() throws {
    let table = try ItemFile.read(Data("item_id,title\na,A\nb,B\nz,Z\n".utf8))
    var events = EventBatch()
    events.users = [0, 0, 0, 1].map { UserID($0) }
    events.items = [0, 1, 2, 0].map { ItemID($0) }
    let log = InteractionLog(users: Catalog(["u", "v"]), items: Catalog(["a", "b", "c"]), events: events)
    #expect(
      ItemCoverage(table, log).description
        == "2 of the log's 3 items have a row (75% of its events); 1 row is of items without an event; without a row: c"
    )
  }
}
