import Foundation
import InteractionStore
import Interactions
import Testing

@Suite struct EventAppenderTests {
  private let folder: StoreFolder

  init() throws { folder = try StoreFolder() }

  private func history(_ user: Identifier) throws -> [String] {
    let log = try InteractionStore.open(folder.store).log()
    let index = try #require(log.users.index(of: user))
    return log.history(of: UserID(index)).map { log.items[$0.index].text }
  }

  @Test func eventsStandBesideImportsAndAreVerified() throws {
    let store = try InteractionStore.open(folder.store, creating: true)
    _ = try store.importLog(folder.file("a.csv", "user,item,time\nann,z,1700000100\nbob,y,1700000050\n"))
    var appender = try EventAppender(folder.store)
    let written = try appender.append([NewEvent(user: "ann", item: "w", time: 1_700_000_000_000_000)])
    #expect(written.map(\.time) == [1_700_000_000_000_000])
    _ = try appender.append([NewEvent(user: "cat", item: "y"), NewEvent(user: "ann", item: "v")])
    #expect(try history("ann") == ["w", "z", "v"] && history("cat") == ["y"])
    // One import that grows, until another process begins one.
    #expect(try store.reports().map(\.rows.used) == [2, 3])
    _ = try store.importLog(folder.file("b.csv", "user,item,time\nann,u,1700000200\ndan,t,1700000000\n"))
    _ = try appender.append([NewEvent(user: "dan", item: "s"), NewEvent(user: "eve", item: "s")])
    #expect(try store.reports().map(\.rows.used) == [2, 3, 2, 2])
    #expect(try history("dan") == ["t", "s"])
    let statistics = try store.check()
    #expect(statistics.events == 9 && statistics.users == 5 && statistics.items == 7)
  }

  @Test(.timeLimit(.minutes(1))) func aLogAndItsReportsAreOfOneMoment() async throws {
    let store = try InteractionStore.open(folder.store, creating: true)
    _ = try store.importLog(folder.file("a.csv", "user,item,time\nann,z,1700000100\nbob,y,1700000050\n"))
    let url = folder.store
    let writer = Task.detached {
      var appender = try EventAppender(url)
      for _ in 0..<100 { _ = try appender.append([NewEvent(user: "ann", item: "w")]) }
    }
    var events = 0
    while events < 102 {
      let loaded = try LogSource.load(url.path)
      #expect(loaded.log.eventCount == loaded.reports.reduce(0) { $0 + $1.rows.used })
      events = loaded.log.eventCount
    }
    try await writer.value
  }

  @Test func anEmptyStoreTakesTheColumnsOfTheFirstEvent() throws {
    _ = try InteractionStore.open(folder.store, creating: true)
    var appender = try EventAppender(folder.store)
    _ = try appender.append([NewEvent(user: "ann", item: "a", time: 5, group: "basket 1")])
    let error = #expect(throws: NewEventError.self) { try appender.append([NewEvent(user: "ann", item: "b")]) }
    #expect(error?.description == "event 1: the events of the store have a group; give one")
    let late = #expect(throws: NewEventError.self) {
      try appender.append([NewEvent(user: "ann", item: "b", time: .max, group: "basket 2")])
    }
    #expect(late?.description.hasPrefix("event 1: its time lies outside of the years 1 to 9999") == true)
    _ = try appender.append([NewEvent(user: "ann", item: "b", time: 4, group: "basket 2")])
    #expect(try history("ann") == ["b", "a"])
    #expect(try InteractionStore.open(folder.store).log().groups == [1, 0])
  }

  @Test func aStoreWithoutTimesKeepsTheOrder() throws {
    let store = try InteractionStore.open(folder.store, creating: true)
    _ = try store.importLog(folder.file("a.txt", "ann z\nbob y\nann x\n"), options: ReadingOptions(format: .plain))
    var appender = try EventAppender(folder.store)
    let error = #expect(throws: NewEventError.self) {
      try appender.append([NewEvent(user: "ann", item: "b"), NewEvent(user: "ann", item: "b", time: 1)])
    }
    #expect(error?.description == "event 2: the events of the store have no time, only an order; leave it out")
    _ = try appender.append([NewEvent(user: "ann", item: "y")])
    #expect(try history("ann") == ["z", "x", "y"])
    #expect(try store.check().events == 4)
  }
}
