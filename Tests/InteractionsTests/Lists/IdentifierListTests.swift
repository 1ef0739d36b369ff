import Interactions
import Testing

/// Lists of ids, pairs and histories as options take them.
@Suite struct IdentifierListTests {
  private func ids(_ text: String, role: ColumnRole = .item, known: [String]? = nil) throws -> [Identifier] {
    let file = try TemporaryLog(text, name: "ids.csv")
    return try IdentifierList(file.path, option: "--exclude", role: role, known: known.map { Catalog($0) }).ids
  }

  private func failure(_ text: String, roles: [ColumnRole] = [.item], columns: [String]? = nil) throws -> String {
    let file = try TemporaryLog(text, name: "ids.csv")
    let error = #expect(throws: ListError.self) {
      try IdentifierRows(file: file.path, option: "--list", roles: roles, columns: columns)
    }
    return error?.description.replacingOccurrences(of: file.path, with: "FILE") ?? ""
  }

  @Test(arguments: [
    "i19\ni7\n", "i19 \ni7\t\n", "\"i19\"\n\"i7\"\n", "\u{FEFF}i19\r\ni7\r\n", "item\ni19\ni7",
    "item,why\ni19,old\ni7,\n",
    "why;item_id\nold;i19\nold;i7", "i19\ri7\r", "\n  i19\n\n i7", "\u{FEFF}\"item\"\n\"i19\"\n\"i7\"\n",
  ])
  func oneIDPerLineHoweverItIsWritten(text: String) throws {
    #expect(try ids(text) == ["i19", "i7"])
  }

  @Test func argumentsAreIdsOrFilesAndNeverPathsThatDoNotExist() throws {
    let list = try IdentifierList("a, b,a,,c d", option: "--users", role: .user)
    #expect(list.ids == ["a", "b", "c d"])
    #expect(list.repeated == 1)
    let file = try TemporaryLog("x\ny\n", name: "list")
    #expect(try IdentifierList("@" + file.path, option: "--users", role: .user).ids == ["x", "y"])
    for path in ["/nowhere/users.txt", "users.txt", "@users", "here/there"] {
      let error = #expect(throws: ListError.self) { try IdentifierList(path, option: "--users", role: .user) }
      #expect(
        error?.description == "--users \(path.drop { $0 == "@" }): there is no such file, and it looks like a path; "
          + "check it, or write ids with commas between them")
    }
    let dotted = Catalog(["users.txt"])
    #expect(try IdentifierList("users.txt", option: "--users", role: .user, known: dotted).ids == ["users.txt"])
  }

  @Test func knownIdsTellAHeaderFromAnId() throws {
    #expect(try ids("sku code\ni19\n", known: ["i19"]) == ["i19"])
    #expect(try ids("item\ni19\n", known: ["i19", "item"]) == ["item", "i19"])
    #expect(try ids("a,b\nc\n", known: ["a,b", "c"]) == ["a,b", "c"])
    #expect(try ids("caf\u{E9}\ncafe\u{301}\n").count == 2)
  }

  @Test func pairsAndGroupsAreFoundByNameOrPlace() throws {
    func rows(_ text: String, _ roles: [ColumnRole], columns: [String]? = nil) throws -> IdentifierRows {
      let file = try TemporaryLog(text)
      return try IdentifierRows(
        file: file.path, option: "--list", roles: roles, columns: columns,
        known: [Catalog(["u1", "i1"]), Catalog(["i19"])])
    }
    for text in [
      "u1,i19\n", "who;what\nu1;i19\n", "kunde,artikel\nu1,i19\n", "user,item,timestamp\nu1,i19,\n",
      "user,anime_id\nu1,i19\n", "item_id\tuser_id\ni19\tu1", "\"u1\", \"i19\"\r\n",
    ] {
      #expect(try rows(text, [.user, .item]).rows == [["u1", "i19"]], "\(text)")
    }
    let groups = try rows("movieId,genres\ni1,Comedy|Drama\ni2,\"Film, Noir\"\ni3,\n", [.item, .group])
    #expect(groups.rows == [["i1", "Comedy|Drama"], ["i2", "Film, Noir"]])
    #expect(groups.incompleteLines == [4])
    #expect(try rows("a,b,c\n1,2,3\n", [.item, .group], columns: ["c", "1"]).rows == [["3", "1"]])
  }

  @Test func whatIsNoListSaysSo() throws {
    #expect(try failure("") == "--list FILE: the file is empty; expected one id per line")
    #expect(try failure("\n \n") == "--list FILE: the file is empty; expected one id per line")
    #expect(
      try failure("item\n")
        == "--list FILE: the file has a header (\"item\") and nothing below it; expected one id per line")
    #expect(
      try failure("i1,old\ni2,new\n")
        == "--list FILE: 2 columns (\"1\", \"2\"), and none is known as item; leave only the item in the file, "
        + "or name the column so in its first line")
    #expect(
      try failure("item,why\ni1\n") == "--list FILE, line 2: 1 column, but the first row has 2; "
        + "put ids that hold a separator in double quotes")
    #expect(
      try failure("a\n\"b\n") == "--list FILE, line 2: a quote is opened and not closed on the line; "
        + "close it, or double a quote that belongs to an id")
    #expect(
      try failure("a,b\n1,2\n", roles: [.item, .group], columns: ["a", "z"])
        == "--list FILE: there is no column \"z\"; the columns are \"a\", \"b\"")
  }

  @Test func historiesTakeTextsAndNumbers() throws {
    let file = try TemporaryLog(
      "\u{FEFF}{\"user\": 1, \"items\": [7, \"a\\u00e9\", 7]}\n\n{\"items\": [], \"user\": \"x\", \"more\": {}}\r\n",
      name: "h.jsonl")
    var lines = try HistoryLines(file.path, option: "--histories")
    #expect(try lines.next() == .init(user: "1", items: ["7", "a\u{E9}", "7"], line: 1))
    #expect(try lines.next() == .init(user: "x", items: [], line: 3))
    #expect(try lines.next() == nil)
    let bad = try TemporaryLog("{\"user\": \"a\", \"items\": [1]}\n{\"user\": \"a\", \"items\": [null]}\n")
    var reader = try HistoryLines(bad.path, option: "--histories")
    _ = try reader.next()
    let error = #expect(throws: ListError.self) { try reader.next() }
    #expect(error?.fault == .badHistory(line: 2, text: "{\"user\": \"a\", \"items\": [null]}"))
  }
}
