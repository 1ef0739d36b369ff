import Foundation
import GRDB
import InteractionStore
import Interactions
import Testing

/// What goes wrong around a store says so in one sentence, and changes nothing.
@Suite struct StoreErrorTests {
  private let folder: StoreFolder

  init() throws { folder = try StoreFolder() }

  @Test func whatIsNoStoreIsNotOpened() throws {
    #expect(
      folder.failure { _ = try InteractionStore.open(folder.store) }
        == "the store DIR/shop.sqlite does not exist; make it with: cloze import LOG --store DIR/shop.sqlite")
    #expect(
      folder.failure { _ = try InteractionStore.open(folder.url, creating: true) }
        == "DIR is a folder; a store is one file, for example DIR/shop.sqlite")
    let text = URL(fileURLWithPath: try folder.file("a.csv", "user,item\nann,x\n"))
    #expect(
      folder.failure { _ = try InteractionStore.open(text) }
        == "DIR/a.csv is not a store of cloze; name a new file, or one that cloze import made")
    let other = try DatabaseQueue(path: folder.url.appendingPathComponent("other.sqlite").path)
    try other.write { try $0.execute(sql: "CREATE TABLE t (a)") }
    #expect(
      folder.failure {
        _ = try InteractionStore.open(folder.url.appendingPathComponent("other.sqlite"), creating: true)
      }
        == "DIR/other.sqlite is not a store of cloze; name a new file, or one that cloze import made")
  }

  @Test func aStoreOfALaterVersionIsLeftAlone() throws {
    let store = try InteractionStore.open(folder.store, creating: true)
    try store.database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 from tomorrow')") }
    #expect(
      folder.failure { _ = try InteractionStore.open(folder.store) }
        == "DIR/shop.sqlite was made by a newer cloze; use that version, or import the logs again")
  }

  @Test func timesAndNoTimesDoNotMix() throws {
    let store = try InteractionStore.open(folder.store, creating: true)
    _ = try store.importLog(folder.file("timed.csv", "user,item,time\nann,x,1700000005\n"))
    let plain = try folder.file("plain.txt", "ann x\nann y\n")
    #expect(
      folder.failure { _ = try store.importLog(plain) }
        == "DIR/plain.txt has no time column but the store's events have one; import it into a store of its own")
    let grouped = try folder.file("grouped.csv", "user,item,time,session\nann,x,1700000005,s\n")
    #expect(
      folder.failure { _ = try store.importLog(grouped) } == """
        DIR/grouped.csv has a group column but the store's events have none; import it into a store of its own, or leave \
        the column out with --columns group=none
        """)
    let options = ReadingOptions(columns: try ColumnSelection("group=none"))
    #expect(try store.importLog(grouped, options: options).storeEvents == 2)
  }

  @Test func aFullDiskLeavesTheStoreAsItWas() throws {
    let store = try InteractionStore.open(folder.store, creating: true)
    _ = try store.importLog(folder.file("small.csv", "user,item,time\nann,x,1700000005\n"))
    let before = try store.log()
    let rows = (0..<20_000).map { "u\($0),i\($0),\(1_700_000_000 + $0)\n" }
    let large = try folder.file("large.csv", "user,item,time\n" + rows.joined())
    // SQLite reports a full disk where a database reaches its greatest allowed size.
    try store.database.write { try $0.execute(sql: "PRAGMA max_page_count = 60") }
    #expect(
      folder.failure { _ = try store.importLog(large) }
        == "the disk of DIR/shop.sqlite is full; free some space and try again: the store is as it was")
    #expect(try store.log() == before)
  }

  @Test func aStoreThatAnotherProcessWritesIsBusy() throws {
    let store = try InteractionStore.open(folder.store, creating: true)
    let log = try folder.file("a.csv", "user,item\nann,x\n")
    let other = try DatabaseQueue(path: folder.store.path)
    try other.writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN EXCLUSIVE")
      #expect(
        folder.failure { _ = try store.importLog(log) }
          == "another program is writing DIR/shop.sqlite; wait for it to end and try again")
      try db.execute(sql: "ROLLBACK")
    }
    #expect(try store.importLog(log).storeEvents == 1)
  }

  @Test func aStoreMadeForALogThatCannotBeReadIsTakenAway() throws {
    #expect(
      folder.failure { _ = try InteractionStore.importLog(folder.url.path + "/none.csv", into: folder.store) }
        == "DIR/none.csv does not exist; check the path")
    #expect(!FileManager.default.fileExists(atPath: folder.store.path))
  }

  @Test func aTextHasNoTables() throws {
    let log = try folder.file("a.csv", "user,item\nann,x\n")
    #expect(
      folder.failure { _ = try LogSource.check(log, options: ReadingOptions(table: "t")) }
        == "DIR/a.csv is not an SQLite database; leave out --table and --format sqlite to read it as text")
  }

  @Test func aStoreIsNoLogToImport() throws {
    let log = try folder.file("a.csv", "user,item\nann,x\n")
    _ = try InteractionStore.importLog(log, into: folder.store)
    #expect(
      folder.failure {
        _ = try InteractionStore.importLog(folder.store.path, into: folder.url.appendingPathComponent("b.sqlite"))
      }
        == "DIR/shop.sqlite is a store itself; import the logs it was made from, or name one of its tables with --table"
    )
  }
}
