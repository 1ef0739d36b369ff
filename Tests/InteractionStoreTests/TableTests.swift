import Foundation
import GRDB
import InteractionStore
import Interactions
import Testing
import TestSupport

/// Logs in the tables of databases that other programs made.
@Suite struct TableTests {
  let path = TestFolder.url.appendingPathComponent("cloze-\(UUID().uuidString).sqlite").path

  private func database(_ sql: String) throws {
    try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
  }

  @Test func theOnlyTableIsReadByItsUsualNames() throws {
    try database(
      """
      CREATE TABLE "the log" (customer_id INTEGER, product_id TEXT, created_at TEXT, price REAL);
      INSERT INTO "the log" VALUES (7, 'x', '2023-11-14 22:13:21', 1.5), (7, 'y', '2023-11-14 22:13:20', 2),
        (8, NULL, '2023-11-14', 1), (8, 'x', NULL, 1), (8, 'x, "y"', '2023-11-14', NULL);
      """)
    let loaded = try LogSource.load(path, options: ReadingOptions(maximumBadShare: 1))
    #expect(loaded.log.users.names == ["7", "8"])
    #expect(loaded.log.items.names == ["x", "y", "x, \"y\""])
    #expect(loaded.log.history(of: UserID(0)).map(\.index) == [1, 0])
    let report = try #require(loaded.reports.first)
    #expect(report.layout.format == .sqlite)
    #expect(report.rows.droppedByReason == [.missingItem: 1, .missingTime: 1])
    #expect(report.firstBadRows.map(\.line) == [3, 4])
  }

  @Test func aViewCanBeNamedAndAnUnknownTableCannot() throws {
    try database(
      """
      CREATE TABLE a (user, item, ts); CREATE TABLE b (x);
      INSERT INTO a VALUES ('ann', 1, 1700000000), ('ann', 2, 1700000001.5);
      CREATE VIEW seen AS SELECT user, item AS thing, ts FROM a;
      """)
    let options = ReadingOptions(columns: try ColumnSelection("item=thing"), table: "seen")
    let log = try LogSource.load(path, options: options).log
    #expect(log.items.names == ["1", "2"])
    #expect(log.times == [1_700_000_000_000_000, 1_700_000_001_500_000])
    for table in [nil, "c"] {
      let error = #expect(throws: StoreError.self) { try LogSource.check(path, options: ReadingOptions(table: table)) }
      let found = table == nil ? "3 tables" : "no table \"c\""
      #expect(error?.description == "\(path) has \(found); name one with --table: a, b, seen")
    }
  }

  @Test func aTableGoesIntoAStoreLikeAnyLog() throws {
    try database("CREATE TABLE a (user, item); INSERT INTO a VALUES ('ann', 'x'), ('bob', 'y')")
    let store = URL(fileURLWithPath: path + ".store")
    let receipt = try InteractionStore.importLog(path, into: store)
    #expect(receipt.storeEvents == 2)
    #expect(try LogSource.load(store.path).log == LogSource.load(path).log)
    #expect(throws: StoreError.self) { try InteractionStore.importLog(path, into: store) }
  }

  @Test func namesHoldQuotesAndTextsAreUTF8() throws {
    try database(
      #"""
      CREATE TABLE "a""b" ("us""er" TEXT, item TEXT);
      INSERT INTO "a""b" VALUES ('ann', CAST(x'78003A' AS TEXT)), ('ann', 'y');
      """#)
    let options = ReadingOptions(columns: try ColumnSelection("user=us\"er"))
    #expect(try LogSource.load(path, options: options).log.items.count == 2)
    try database(#"INSERT INTO "a""b" VALUES ('bob', CAST(x'E9' AS TEXT))"#)
    let error = #expect(throws: LogError.self) { try LogSource.load(path, options: options) }
    #expect(
      error?.description
        == "cannot read \(path), table a\"b: the item of row 3 is not UTF-8; write it again as UTF-8")
    let wide = path + ".utf16"
    try DatabaseQueue(path: wide).write {
      try $0.execute(sql: "PRAGMA encoding = 'UTF-16'; CREATE TABLE a (user, item); INSERT INTO a VALUES ('ann', 'x')")
    }
    #expect(throws: StoreError.notUTF8(path: wide)) { try LogSource.load(wide) }
  }
}
