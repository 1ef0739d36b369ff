import Foundation
import GRDB
import InteractionStore
import Interactions
import Testing
import TestSupport

@Suite struct RecommendationTableTests {
  let url = TestFolder.url.appendingPathComponent("recommended-\(UUID().uuidString).sqlite")

  private func row(_ user: String, _ item: String, rank: Int) -> RecommendationRow {
    RecommendationRow(user: user, rank: rank, item: item, score: 1.5, probability: nil, source: "model")
  }

  /// The pairs of user and item in a table of the store.
  private func pairs(_ table: String) throws -> [String] {
    let selection = try ColumnSelection("user=user,item=item,time=none,group=none")
    let log = try LogSource.load(url.path, options: ReadingOptions(columns: selection, table: table)).log
    return (0..<log.userCount).flatMap { user in
      log.history(of: UserID(user)).map { "\(log.users[user]) \(log.items[$0.index])" }
    }
  }

  @Test func itAppearsWholeAtTheEndAndGoesOnWhereItWasLeft() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let store = try InteractionStore.open(url, creating: true)
    do {
      let first = try RecommendationTable("best", in: store, request: "a", resuming: false)
      try first.append([row("u", "x", rank: 1), row("u", "y", rank: 2)], done: 1)
    }
    #expect(throws: StoreError.self) { try pairs("best") }
    let second = try RecommendationTable("best", in: store, request: "a", resuming: true)
    #expect(second.done == 1)
    try second.append([row("v", "x", rank: 1)], done: 2)
    try second.finish()
    #expect(try pairs("best") == ["u x", "u y", "v x"])
    do {
      let anew = try RecommendationTable("best", in: store, request: "b", resuming: true)
      #expect(anew.done == 0)
      try anew.append([row("w", "z", rank: 1)], done: 1)
    }
    #expect(try pairs("best") == ["u x", "u y", "v x"])
    #expect(throws: StoreError.otherRequest(path: url.path, table: "best")) {
      _ = try RecommendationTable("best", in: store, request: "c", resuming: true)
    }
    try RecommendationTable("best", in: store, request: "b", resuming: true).finish()
    #expect(try pairs("best") == ["w z"])
  }

  @Test func titlesAndWhatIsColdAreColumnsWhereTheyAreWanted() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let store = try InteractionStore.open(url, creating: true)
    for (name, columns, expected) in [
      (
        "both", .init(titles: true, cold: true),
        ["x title=A, é cold=1", "y title=nil cold=0", "nil title=nil cold=nil"]
      ),
      ("one", .init(cold: true), ["x cold=1", "y cold=0", "nil cold=nil"]), ("none", .init(), ["x", "y", "nil"]),
    ] as [(String, RecommendationTable.Columns, [String])] {
      let table = try RecommendationTable(name, in: store, request: name, columns: columns, resuming: false)
      var rows = [row("u", "x", rank: 1), row("u", "y", rank: 2), RecommendationRow(user: "v", source: "unknown user")]
      (rows[0].title, rows[0].isCold, rows[1].isCold) = ("A, é", true, false)
      try table.append(rows, done: 2)
      try table.finish()
      let found = try DatabaseQueue(path: url.path).read { db in
        try Row.fetchAll(db, sql: "SELECT * FROM \(name)").map { row in
          let more = row.columnNames.dropFirst(6).map { "\($0)=\((row[$0] as DatabaseValue).storage.value ?? "nil")" }
          return ([(row["item"] as String?) ?? "nil"] + more).joined(separator: " ")
        }
      }
      #expect(found == expected)
    }
  }

  @Test func whatIsDiscardedLeavesTheTableBefore() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let store = try InteractionStore.open(url, creating: true)
    let first = try RecommendationTable("best", in: store, request: "a", resuming: false)
    try first.append([row("u", "x", rank: 1)], done: 1)
    try first.discard()
    #expect(throws: StoreError.self) { try pairs("best") }
    let second = try RecommendationTable("best", in: store, request: "a", resuming: true)
    #expect(second.done == 0)
    try second.append([row("v", "y", rank: 1)], done: 1)
    try second.finish()
    let third = try RecommendationTable("best", in: store, request: "b", resuming: false)
    try third.append([row("w", "z", rank: 1)], done: 1)
    try third.discard()
    #expect(try pairs("best") == ["v y"])
    #expect(try RecommendationTable("best", in: store, request: "c", resuming: true).done == 0)
  }

  @Test func oneTableHasOneWriter() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let store = try InteractionStore.open(url, creating: true)
    let first = try RecommendationTable("best", in: store, request: "a", resuming: false)
    let other = try InteractionStore.open(url)
    for resuming in [false, true] {
      #expect(throws: StoreError.tableBusy(path: url.path, table: "Best")) {
        _ = try RecommendationTable("Best", in: other, request: "a", resuming: resuming)
      }
    }
    _ = try RecommendationTable("second best", in: other, request: "a", resuming: false)
    // Where locks do not reach, as on some network file systems, the first one notices.
    try store.database.write { try $0.execute(sql: "UPDATE recommendation_tables SET owner = 'another'") }
    #expect(throws: StoreError.tableBusy(path: url.path, table: "best")) {
      try first.append([row("u", "x", rank: 1)], done: 1)
    }
    #expect(
      StoreError.tableBusy(path: "a.sqlite", table: "best").description
        == "another process is writing the table \"best\" of a.sqlite; wait for it to end, or name another table")
  }

  @Test func namesAndIdsMayHoldAnything() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let store = try InteractionStore.open(url, creating: true)
    for name in ["a\"b", "select", "x'); DROP TABLE users; --", "été/../..", "Best"] {
      for _ in 0..<2 {
        let table = try RecommendationTable(name, in: store, request: "a", resuming: false)
        try table.append([row("u\u{0}1", "x\u{0}y", rank: 1), row("u\u{0}2", "\"", rank: 1)], done: 2)
        try table.finish()
      }
      #expect(try pairs(name) == ["u\u{0}1 x\u{0}y", "u\u{0}2 \""])
    }
    #expect(throws: StoreError.notOurTable(path: url.path, table: "EVENTS")) {
      _ = try RecommendationTable("EVENTS", in: store, request: "a", resuming: false)
    }
  }

  @Test func aTableOfSomethingElseIsLeftAlone() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    let store = try InteractionStore.open(url, creating: true)
    #expect(throws: StoreError.notOurTable(path: url.path, table: "events")) {
      _ = try RecommendationTable("events", in: store, request: "a", resuming: false)
    }
    #expect(
      StoreError.notOurTable(path: "a.sqlite", table: "events").description
        == "a.sqlite has a table \"events\" that holds no recommendations, so it is left alone; choose another name")
  }
}
