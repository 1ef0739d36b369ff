import Foundation
import InteractionStore
import Testing

@Suite struct RunTableTests {
  @Test func runsAreKeptInTheirOrder() throws {
    let folder = try StoreFolder()
    let file = try folder.file("a.csv", "user,item\nann,x\nann,y\n")
    #expect(try LogSource.runs(at: file) == nil)
    _ = try InteractionStore.open(folder.store, creating: true)
    let table = try #require(try LogSource.runs(at: folder.store.path))
    let start = Date(timeIntervalSince1970: 1_700_000_000)
    let rows = ["tail, seed 1", "mean, seed 1"].map { name in
      RunTable.Row(
        name: name, kind: "comparison", startedAt: start, finishedAt: start.addingTimeInterval(60),
        fingerprint: "f", record: "{\"seed\":1}")
    }
    for row in rows { try table.append(row) }
    #expect(try table.rows() == rows)
  }
}
