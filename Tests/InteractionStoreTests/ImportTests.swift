import Foundation
import InteractionStore
import Interactions
import Testing

@Suite struct ImportTests {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cloze-store-\(UUID().uuidString)")
  var store: URL { folder.appendingPathComponent("shop.sqlite") }

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func file(_ name: String, _ text: String) throws -> String {
    let url = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  @Test func aStoreGivesBackTheLogOfItsFile() throws {
    let log = try file(
      "a.csv", "user,item,time\nann,z,1700000100\nbob,y,1700000050\nann,x,1700000000\nann,z,1700000100\n")
    let receipt = try InteractionStore.open(store, creating: true).importLog(log)
    #expect(receipt.number == 1)
    #expect(receipt.storeEvents == 4)
    #expect(receipt.storeUsers == 2)
    #expect(receipt.storeItems == 3)
    let fromFile = try LogSource.load(log)
    let fromStore = try LogSource.load(store.path)
    #expect(fromStore.log == fromFile.log)
    #expect(fromStore.fingerprint == fromFile.fingerprint)
    #expect(fromFile.fingerprint.count == 64)
    #expect(fromStore.reports == fromFile.reports)
    #expect(try LogSource.check(log) == fromFile.reports)
  }

  @Test func aSecondFileAppendsAndIdsKeepTheirNumbers() throws {
    let store = try InteractionStore.open(store, creating: true)
    _ = try store.importLog(file("a.csv", "user,item,time\nann,z,1700000100\nbob,y,1700000050\n"))
    let receipt = try store.importLog(file("b.csv", "user,item,time\ncat,y,1700000000\nann,w,1700000000\n"))
    #expect(receipt.number == 2)
    #expect(receipt.storeEvents == 4)
    let log = try store.log()
    #expect(log.users.names == ["ann", "bob", "cat"])
    #expect(log.items.names == ["z", "y", "w"])
    #expect(log.history(of: UserID(0)).map { log.items[$0.index] } == ["w", "z"])
    #expect(receipt.report.rows.used == 2)
  }

  @Test func theSameContentIsNoticedUnderAnotherName() throws {
    let store = try InteractionStore.open(store, creating: true)
    let text = "user,item,time\nann,z,1700000100\n"
    _ = try store.importLog(file("a.csv", text))
    let before = try store.log()
    let again = try file("b.csv", text)
    let error = #expect(throws: StoreError.self) { try store.importLog(again) }
    #expect(error?.description.hasPrefix("\(again) is in the store already: the same content was imported as ") == true)
    #expect(try store.log() == before)
  }

  @Test func tooManyBadRowsLeaveTheStoreAsItWas() throws {
    let store = try InteractionStore.open(store, creating: true)
    let log = try file("a.csv", "user,item,time\nann,z,1700000100\nann,y,soon\nann,,1700000100\n")
    #expect(throws: LogError.self) { try store.importLog(log) }
    #expect(throws: StoreError.noEvents(path: self.store.path)) { try store.log() }
    let receipt = try store.importLog(log, options: ReadingOptions(maximumBadShare: 0.7))
    #expect(receipt.report.rows.used == 1)
    #expect(receipt.report.rows.droppedByReason == [.unreadableTime: 1, .missingItem: 1])
  }

  @Test func whatTheCallerThrowsEndsTheImportWithoutATrace() throws {
    struct Stop: Error {}
    let store = try InteractionStore.open(store, creating: true)
    let log = try file("a.csv", "user,item,time\nann,z,1700000100\n")
    #expect(throws: Stop.self) { try store.importLog(log) { _ in throw Stop() } }
    #expect(throws: StoreError.self) { try store.log() }
  }
}
