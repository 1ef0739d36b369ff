import DurableFiles
import Foundation
import GRDB
import Interactions
import Items
import Testing

import InteractionStore

/// What was cut short is undone, and what is not what was imported is said.
@Suite struct DamagedStoreTests {
  private let folder: StoreFolder
  private let path: String

  init() throws {
    folder = try StoreFolder()
    path = folder.store.path
  }

  private func makeStore(groups: Bool = false) throws {
    let rows = (0..<200).map { "u\($0 % 7),item \($0 % 31),\(1_700_000_000 + $0)\(groups ? ",g\($0 / 5)" : "")\n" }
    let log = try folder.file("a.csv", "user,item,time\(groups ? ",session" : "")\n" + rows.joined())
    _ = try InteractionStore.importLog(log, into: folder.store)
  }

  /// A copy of the file and its journal while a change is under way is what a kill leaves.
  private func cutShort(_ sql: String) throws -> String {
    var configuration = Configuration()
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = 1; PRAGMA foreign_keys = OFF") }
    let copy = folder.url.appendingPathComponent("killed.sqlite").path
    try DatabaseQueue(path: path, configuration: configuration).writeWithoutTransaction { db in
      try db.inTransaction(.immediate) {
        try db.execute(sql: sql)
        for suffix in ["", "-journal"] {
          try? FileManager.default.removeItem(atPath: copy + suffix)
          try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
        }
        return .rollback
      }
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: copy)) != Data(contentsOf: folder.store))
    return copy
  }

  @Test func aKilledChangeIsUndoneByWhateverReadsNext() throws {
    try makeStore()
    let log = try LogSource.load(path).log
    let sql = """
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO events (user, item, time) SELECT 0, 0, i FROM n
      """
    let options = ReadingOptions(columns: try ColumnSelection("time=none,group=none"), table: "events")
    #expect(try LogSource.load(cutShort(sql)).log == log)
    #expect(try LogSource.load(cutShort(sql), options: options).log.eventCount == 200)
    #expect(try InteractionStore.open(URL(fileURLWithPath: cutShort(sql))).check().events == 200)
    let more = try folder.file("more.csv", "user,item,time\nann,x,1700000001\n")
    #expect(try InteractionStore.importLog(more, into: URL(fileURLWithPath: cutShort(sql))).storeEvents == 201)
  }

  @Test func whatIsBeyondRepairIsLeftAsItIs() throws {
    try makeStore()
    let part = try Data(contentsOf: folder.store).prefix(5_000)
    try part.write(to: folder.store)
    #expect(
      folder.failure { _ = try StoreRepair.run(folder.store) } == """
        nothing of the store DIR/shop.sqlite can be saved: SQLite reports: database disk image is malformed; it is left as it \
        is: import the logs again, into a new file
        """)
    #expect(try Data(contentsOf: folder.store) == part)
  }

  @Test func idsComeBackByteForByte() throws {
    let store = try InteractionStore.open(folder.store, creating: true)
    var table = IdentifierTable()
    for text in ["a\u{0}b", "a\u{0}c", "a", "\u{0}", "é", "e\u{301}", "x\ty", "\u{1F600}"] {
      table.insert(Identifier(text))
    }
    let read = try store.write { db in
      try IdentifierTables.append(table, from: 0, to: .items, in: db)
      return try IdentifierTables.fetch(.items, from: db)
    }
    #expect(read.count == 8)
    #expect((0..<8).allSatisfy { read.utf8(at: $0) == table.utf8(at: $0) })
  }

  /// A page that stands in the place of an index's is as whole as the index was, and says other things.
  @Test func anIndexThatIsAnothersIsNoticed() throws {
    try makeStore()
    let roots = try DatabaseQueue(path: path).read { db in
      let pages = try ["checksums", "sqlite_autoindex_imports_1"].map { name in
        try Int.fetchOne(db, sql: "SELECT rootpage FROM sqlite_master WHERE name = ?", arguments: [name])!
      }
      return (from: pages[0] - 1, to: pages[1] - 1, size: try Int.fetchOne(db, sql: "PRAGMA page_size")!)
    }
    var bytes = try Data(contentsOf: folder.store)
    let page = bytes.subdata(in: roots.from * roots.size..<(roots.from + 1) * roots.size)
    bytes.replaceSubrange(roots.to * roots.size..<(roots.to + 1) * roots.size, with: page)
    try bytes.write(to: folder.store)
    let error = #expect(throws: StoreError.self) { try InteractionStore.open(folder.store).check() }
    #expect(error?.description.contains("sqlite_autoindex_imports_1") == true, "\(error?.description ?? "")")
    // What was imported before is noticed without it.
    #expect(throws: StoreError.self) { try InteractionStore.importLog(folder.url.path + "/a.csv", into: folder.store) }
  }

  @Test(arguments: [
    ("UPDATE events SET item = item + 1 WHERE id = 17", "the events of import 1 differ from those that were imported"),
    ("UPDATE events SET time = time + 1 WHERE id = 200", "the events of import 1 differ from those that were imported"),
    ("DELETE FROM events WHERE id = 3", "of the 200 events of import 1 there are 199"),
    ("INSERT INTO events (user, item, time) VALUES (1, 1, 1)", "it has more events than were imported"),
    ("UPDATE events SET user = 99 WHERE id = 5", "the user of event 5 is none that there is"),
    (
      "UPDATE events SET time = -9223372036854775808 WHERE id = 5",
      "the time of event 5 lies outside of the years 1 to 9999"
    ),
    ("UPDATE checksums SET rows = -3 WHERE part = 'events'", "a checksum is one of -3 rows"),
    ("UPDATE items SET name = 'item x' WHERE id = 4", "the table items differs from what the last import wrote"),
    ("DELETE FROM users WHERE id = 2", "the table users has no number 2"),
    ("UPDATE users SET name = 'u1' WHERE id = 2", "the table users has the id of its number 2 twice"),
  ])
  func whatWasChangedIsSaid(change: String, fault: String) throws {
    try makeStore()
    try DatabaseQueue(path: path).writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
      try $0.execute(sql: change)
    }
    let sentence =
      "the store DIR/shop.sqlite is damaged: \(fault); cloze check DIR/shop.sqlite --repair saves what can be read, or import the logs again"
    #expect(folder.failure { _ = try LogSource.load(path) } == sentence)
    #expect(folder.failure { _ = try InteractionStore.open(folder.store).check() }.contains("is damaged"))
    let repair = try StoreRepair.run(folder.store)
    #expect(repair.saved.items == 31 && repair.saved.events >= 199)
    #expect(try LogSource.load(path).log.eventCount == repair.saved.events)
  }

  @Test(arguments: [
    "UPDATE item_rows SET title = 'Y' WHERE id = 0", "UPDATE item_rows SET title = '' WHERE id = 1",
    "UPDATE item_rows SET fields = replace(fields, '1.5', '2.5')", "UPDATE item_rows SET name = 'z' WHERE id = 1",
    "UPDATE item_table SET columns = replace(columns, 'price', 'prize')",
  ]) func whatItemsAreIsReadAsItWasImported(change: String) throws {
    let store = try InteractionStore.open(folder.store, creating: true)
    try store.replaceItems(by: ItemTable.read(try folder.file("items.csv", "item_id,title,price\nx,X,1.5\ny,,2\n")))
    #expect(try store.items()?.ids.count == 2)
    try store.database.write { try $0.execute(sql: change) }
    let error = #expect(throws: StoreError.self) { try store.items() }
    #expect(error?.description.contains("what items are differs from what was imported") == true)
    try store.database.write { try $0.execute(sql: "UPDATE item_table SET sum = NULL") }
    #expect(try store.items()?.ids.count == 2, "of an older version")
  }

  @Test func valuesOfAnotherTypeAreRefused() throws {
    try makeStore()
    let other = try DatabaseQueue(path: path)
    for sql in [
      "INSERT INTO events (user, item) VALUES ('x', 1)", "INSERT INTO events (user, item) VALUES (1, 4000)",
      "UPDATE users SET id = -1 WHERE id = 1", "UPDATE imports SET report = 'none'",
    ] {
      #expect(throws: DatabaseError.self) { try other.write { try $0.execute(sql: sql) } }
    }
  }

  /// Whatever single bit flips: the log is the same, or it is said. Repairing gives a store that is whole, or says why not.
  @Test(arguments: [1, 2]) func aFlippedBitIsNoticed(seed: UInt64) throws {
    try makeStore(groups: seed == 2)
    let whole = try Data(contentsOf: folder.store)
    let log = try LogSource.load(path).log
    var state = seed
    var noticed = 0
    for round in 0..<60 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var damaged = whole
      damaged[Int(state >> 33) % whole.count] ^= 1 << UInt8(state >> 29 & 7)
      try? FileManager.default.removeItem(atPath: path + ".damaged")
      try damaged.write(to: folder.store)
      do {
        if let store = try LogSource.store(at: path, ReadingOptions()) { #expect(try store.log() == log) }
      } catch {
        noticed += 1
      }
      guard round % 5 == 0, InteractionStore.isStore(path) else { continue }
      do {
        let repair = try StoreRepair.run(folder.store)
        #expect(try InteractionStore.open(folder.store).check() == repair.saved)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
    #expect(noticed > 0)
  }

  @Test func aStoreOfAnEarlierVersionIsBroughtUpToDate() throws {
    try makeStore(groups: true)
    let log = try LogSource.load(path).log
    let reports = try LogSource.load(path).reports
    // The schema of version 0.1, with the same rows.
    try DatabaseQueue(path: path).writeWithoutTransaction { db in
      try db.execute(
        sql: """
          PRAGMA foreign_keys = OFF;
          CREATE TABLE old_events (id INTEGER PRIMARY KEY, user INTEGER NOT NULL REFERENCES users (id),
            item INTEGER NOT NULL REFERENCES items (id), time INTEGER, "group" INTEGER REFERENCES groups (id));
          INSERT INTO old_events SELECT * FROM events;
          DROP TABLE events; ALTER TABLE old_events RENAME TO events;
          CREATE TABLE old (name TEXT PRIMARY KEY, request TEXT NOT NULL, done INTEGER NOT NULL);
          DROP TABLE recommendation_tables; ALTER TABLE old RENAME TO recommendation_tables;
          DROP TABLE checksums; DROP TABLE item_table; DROP TABLE item_rows; DROP TABLE text_vectors;
          ALTER TABLE quarantine DROP COLUMN file;
          DELETE FROM grdb_migrations WHERE identifier > '3';
          """)
    }
    let old = try Data(contentsOf: folder.store)
    let loaded = try LogSource.load(path)
    #expect(loaded.log == log && loaded.reports == reports)
    #expect(try InteractionStore.open(folder.store).check().events == 200)
    try old.write(to: folder.store)
    try DatabaseQueue(path: path).writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA foreign_keys = OFF; UPDATE events SET item = 'x' WHERE id = 9")
    }
    #expect(folder.failure { _ = try LogSource.load(path) }.contains("cannot store TEXT value in INTEGER column"))
    let repair = try StoreRepair.run(folder.store)
    #expect(repair.lostEvents == 1 && repair.saved.events == 199)
    #expect(FileManager.default.fileExists(atPath: repair.damaged))
    #expect(
      folder.failure { throw StoreError.database(path: "", reason: repair.description) }.contains(
        "saved 1 import, 199 events of 7 users and 31 items; lost: 1 event that cannot be told"))
  }

  /// A store that one process takes away, because its own import failed, is made again by the other.
  @Test func anImportIntoAStoreThatWasTakenAwayMakesItAgain() throws {
    let log = try folder.file("a.csv", "user,item\nann,x\n")
    let first = try InteractionStore.open(folder.store, creating: true)
    let second = try InteractionStore.open(folder.store, creating: true)
    first.removeIfEmpty()
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(throws: StoreError.moved(path: path)) { try second.importLog(log) }
    #expect(try InteractionStore.importLog(log, into: folder.store).storeEvents == 1)
    try InteractionStore.open(folder.store).removeIfEmpty()
    #expect(FileManager.default.fileExists(atPath: path))
  }
}
