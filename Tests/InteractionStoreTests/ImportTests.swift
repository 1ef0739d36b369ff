import Foundation
import GRDB
import InteractionStore
import Interactions
import Testing

@Suite struct ImportTests {
  private let folder: StoreFolder

  init() throws { folder = try StoreFolder() }

  @Test func aStoreGivesBackTheLogOfItsFile() throws {
    let log = try folder.file(
      "a.csv", "user,item,time\nann,z,1700000100\nbob,y,1700000050\nann,x,1700000000\nann,z,1700000100\n")
    let receipt = try InteractionStore.open(folder.store, creating: true).importLog(log)
    #expect(receipt.number == 1)
    #expect(receipt.storeEvents == 4)
    #expect(receipt.storeUsers == 2)
    #expect(receipt.storeItems == 3)
    let fromFile = try LogSource.load(log)
    let fromStore = try LogSource.load(folder.store.path)
    #expect(fromStore.log == fromFile.log)
    #expect(fromStore.fingerprint == fromFile.fingerprint)
    #expect(fromFile.fingerprint.count == 64)
    #expect(fromStore.reports == fromFile.reports)
    #expect(try LogSource.check(log) == fromFile.reports)
  }

  @Test func aSecondFileAppendsAndIdsKeepTheirNumbers() throws {
    let store = try InteractionStore.open(folder.store, creating: true)
    _ = try store.importLog(folder.file("a.csv", "user,item,time\nann,z,1700000100\nbob,y,1700000050\n"))
    let receipt = try store.importLog(folder.file("b.csv", "user,item,time\ncat,y,1700000000\nann,w,1700000000\n"))
    #expect(receipt.number == 2)
    #expect(receipt.storeEvents == 4)
    let log = try store.log()
    #expect(log.users.names == ["ann", "bob", "cat"])
    #expect(log.items.names == ["z", "y", "w"])
    #expect(log.history(of: UserID(0)).map { log.items[$0.index].text } == ["w", "z"])
    #expect(receipt.report.rows.used == 2)
  }

  @Test(arguments: [499, 500, 501, 1_203]) func rowsOfManyStatementsComeBackInOrder(_ count: Int) throws {
    let rows = (0..<count).map { "u\($0 % 17),i\($0 % 101),\(1_700_000_000 + $0 * 7 % 1_000)\n" }
    let log = try folder.file("a.csv", "user,item,time\n" + rows.joined())
    let receipt = try InteractionStore.open(folder.store, creating: true).importLog(log)
    #expect(receipt.storeEvents == count)
    #expect(try LogSource.load(folder.store.path).log == LogSource.load(log).log)
  }

  /// Several batches are read ahead of those that are written.
  @Test func aLogOfManyBatchesComesBackInOrder() throws {
    let padding = String(repeating: "x", count: 60)
    let rows = (0..<120_000).map { "u\($0 % 401)\(padding),i\($0 % 997),\(1_700_000_000 + $0 * 7 % 1_000)\n" }
    let log = try folder.file("a.csv", "user,item,time\n" + rows.joined())
    let store = try InteractionStore.open(folder.store, creating: true)
    var seen: [Int] = []
    struct Enough: Error {}
    #expect(throws: Enough.self) {
      try store.importLog(log) { progress in
        seen.append(progress.rows)
        // Others are read meanwhile, and nobody takes them.
        Thread.sleep(forTimeInterval: 0.5)
        if seen.count == 2 { throw Enough() }
      }
    }
    Thread.sleep(forTimeInterval: 0.5)
    #expect(seen == seen.sorted() && seen[0] > 0 && seen[1] < rows.count)
    #expect(throws: StoreError.self) { try store.log() }
    #expect(try store.importLog(log).storeEvents == rows.count)
    #expect(try store.log() == LogSource.load(log).log)
  }

  /// A store holds the same rows in all tables, whatever parsed the files; only the time of the import differs.
  @Test func anyNumberOfThreadsMakesTheSameStore() throws {
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("parts"), withIntermediateDirectories: true)
    let parts = folder.url.appendingPathComponent("parts").path
    for part in 0..<7 {
      let rows = (0..<40).map { row in
        "u\((part * 5 + row) % 19),i\(row * row % 37),\(row == 7 ? "soon" : "17000000\(10 + (row * 7 + part) % 83)")\n"
      }
      _ = try folder.file("parts/\(part).csv", "user,item,time\n" + rows.joined())
    }
    let earlier = try folder.file("a.csv", "user,item,time\nu3,i9,1700000100\nzoe,i4,1700000050\n")
    let options = ReadingOptions(maximumBadShare: 0.1)
    struct Stop: Error {}
    let stores = try [1, 2, 3, 8].map { threads in
      let url = folder.url.appendingPathComponent("\(threads).sqlite")
      _ = try InteractionStore.importLog(earlier, into: url, threads: threads)
      var batches = 0
      #expect(throws: Stop.self) {
        try InteractionStore.importLog(parts, into: url, options: options, threads: threads) { _ in
          batches += 1
          if batches == 3 { throw Stop() }
        }
      }
      let receipt = try InteractionStore.importLog(parts, into: url, options: options, threads: threads)
      #expect(receipt.storeEvents == 2 + 7 * 39)
      return try DatabaseQueue(path: url.path).read { db in
        try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").map { table in
          try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { row in
            row.filter { $0.0 != "imported_at" }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
          }.sorted()
        }
      }
    }
    #expect(stores[0].joined().count > 300)
    for store in stores.dropFirst() { #expect(store == stores[0]) }
  }

  @Test func anImportLeavesTheConditionsOfTheTablesInForce() throws {
    let store = try InteractionStore.open(folder.store, creating: true)
    _ = try store.importLog(folder.file("a.csv", "user,item,time\nann,z,1700000100\n"))
    for row in ["(-1, 0, 0)", "(7, 9, 0)"] {
      #expect(throws: StoreError.self) {
        try store.write { try $0.execute(sql: "INSERT INTO events (id, user, item) VALUES \(row)") }
      }
    }
  }

  @Test func theSameContentIsNoticedUnderAnotherName() throws {
    let store = try InteractionStore.open(folder.store, creating: true)
    let text = "user,item,time\nann,z,1700000100\n"
    _ = try store.importLog(folder.file("a.csv", text))
    let before = try store.log()
    let again = try folder.file("b.csv", text)
    let error = #expect(throws: StoreError.self) { try store.importLog(again) }
    #expect(error?.description.hasPrefix("\(again) is in the store already: the same content was imported as ") == true)
    #expect(try store.log() == before)
  }

  @Test func aQuarantinedRowOfSeveralFilesNamesItsOwn() throws {
    let parts = folder.url.appendingPathComponent("parts")
    try FileManager.default.createDirectory(at: parts, withIntermediateDirectories: true)
    _ = try folder.file("parts/a.csv", "user,item,time\nann,z,1700000100\n")
    let second = try folder.file("parts/b.csv", "user,item,time\nann,,1700000101\nbob,z,1700000102\n")
    let whole = try folder.file("c.csv", "user,item,time\ncat,z,1700000103\n,y,1700000104\n")
    let store = try InteractionStore.open(folder.store, creating: true)
    for log in [parts.path, whole] { _ = try store.importLog(log, options: ReadingOptions(maximumBadShare: 0.5)) }
    let rows = try DatabaseQueue(path: folder.store.path).read { db in
      try Row.fetchAll(db, sql: "SELECT import, line, file FROM quarantine ORDER BY import")
    }
    #expect(rows == [["import": 1, "line": 2, "file": second], ["import": 2, "line": 3, "file": nil]])
  }

  @Test func tooManyBadRowsLeaveTheStoreAsItWas() throws {
    let store = try InteractionStore.open(folder.store, creating: true)
    let log = try folder.file("a.csv", "user,item,time\nann,z,1700000100\nann,y,soon\nann,,1700000100\n")
    #expect(throws: LogError.self) { try store.importLog(log) }
    #expect(throws: StoreError.noEvents(path: folder.store.path)) { try store.log() }
    let receipt = try store.importLog(log, options: ReadingOptions(maximumBadShare: 0.7))
    #expect(receipt.report.rows.used == 1)
    #expect(receipt.report.rows.droppedByReason == [.unreadableTime: 1, .missingItem: 1])
  }

  @Test func whatTheCallerThrowsEndsTheImportWithoutATrace() throws {
    struct Stop: Error {}
    let store = try InteractionStore.open(folder.store, creating: true)
    let log = try folder.file("a.csv", "user,item,time\nann,z,1700000100\n")
    #expect(throws: Stop.self) { try store.importLog(log) { _ in throw Stop() } }
    #expect(throws: StoreError.self) { try store.log() }
  }
}
