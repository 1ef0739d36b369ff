import Foundation
import GRDB
import InteractionStore
import Interactions
import Items
import Testing

@Suite struct StoreItemTests {
  private let folder: StoreFolder

  init() throws { folder = try StoreFolder() }

  @Test func aStoreGivesBackTheItemsOfTheFileImportedLast() throws {
    let store = try InteractionStore.open(folder.store, creating: true)
    #expect(try store.items()?.ids == nil)
    let old = try folder.file("old.csv", "item_id,title,price\nx,X,1\ny,Y,2\n")
    try store.replaceItems(by: ItemTable.read(old))
    let new = try folder.file(
      "new.csv", "item_id,title,tags,price\na,\"A, b\",red|blue,1.5\nb,,red,\nc,C,blue|red,3\nd,D,,4\n")
    let table = try ItemTable.read(new)
    try store.replaceItems(by: table)
    let read = try #require(try store.items())
    #expect(read.ids == table.ids)
    #expect(read.titles == ["A, b", nil, "C", "D"])
    #expect(read.columns == table.columns)
    #expect(read.values == table.values)
    #expect(read.summary == table.summary)
    #expect(try ItemSource.load(nil, log: folder.store.path)?.ids == table.ids)
    #expect(try ItemSource.load(nil, log: new)?.ids == nil)
  }

  @Test func rowsOfItemsWithoutTheirColumnsAreDamage() throws {
    let store = try InteractionStore.open(folder.store, creating: true)
    try store.replaceItems(by: ItemTable.read(folder.file("items.csv", "item_id,title\nx,X\ny,Y\n")))
    try DatabaseQueue(path: folder.store.path).writeWithoutTransaction { try $0.execute(sql: "DELETE FROM item_table") }
    #expect(
      folder.failure { _ = try InteractionStore.open(folder.store).items() }.contains(
        "it has rows of items, and nothing says what their columns are"))
  }

  @Test func aStoreWithoutItemsNamesTheCommandThatImportsThem() throws {
    let path = folder.store.path
    _ = try InteractionStore.open(folder.store, creating: true)
    let error = #expect(throws: StoreError.noItems(path: path)) { try ItemSource.load(path, log: nil) }
    #expect(error?.description.hasSuffix("cloze import-items FILE --store \(path)") == true)
  }
}
