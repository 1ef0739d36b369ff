import Foundation
import InteractionStore
import Interactions
import Serving
import Testing

@Suite struct LiveLogTests {
  /// What was read and what came since is what reading everything again gives, however the model's log was prepared.
  @Test(arguments: [
    Preparation(), Preparation(repeats: .collapseConsecutive), Preparation(repeats: .keepFirst),
    Preparation(repeats: .keepLast), Preparation(minimumItemEvents: 4),
    Preparation(repeats: .collapseConsecutive, minimumUserEvents: 6, minimumItemEvents: 4), window,
  ])
  func growsAsItWouldBeReadAgain(preparation: Preparation) throws {
    let all = (0..<400).map { event($0) }
    var live = try LiveLog(log(all[..<250]), preparation)
    live.append(Array(all[250...]))
    let again = try LiveLog(log(all[...]), preparation)
    #expect(live.eventCount == again.eventCount)
    for user in 0..<37 {
      let name = Identifier("u\(user)")
      #expect(names(of: name, in: live) == names(of: name, in: again))
    }
    for (item, count) in zip(live.items.names, live.counts) {
      let expected = again.items.index(of: item).map { again.counts[$0] }
      #expect(expected ?? 0 == count, "\(item.text)")
    }
    // And that is what training reads, but for users that it left out.
    let trained = try preparation.apply(log(all[...])).log
    #expect(again.eventCount == trained.eventCount)
    for (number, name) in trained.users.names.enumerated() {
      let history = trained.history(of: UserID(number)).map { trained.items[$0.index] }
      #expect(names(of: name, in: again) == history)
    }
  }

  /// A user with fewer events than training takes is answered from those there are, and from all of them once there is one more.
  @Test func usersOfFewEventsKeepTheirHistories() throws {
    let pairs = [("u", "a"), ("u", "b"), ("v", "a"), ("v", "b"), ("v", "a"), ("v", "c")]
    let events = pairs.map { NewEvent(user: Identifier($0.0), item: Identifier($0.1), time: 1) }
    var live = try LiveLog(log(events[...]), Preparation(minimumUserEvents: 3))
    #expect(names(of: "u", in: live) == ["a", "b"] && live.eventCount == 4)
    live.append([NewEvent(user: "u", item: "c", time: 2)])
    #expect(names(of: "u", in: live) == ["a", "b", "c"] && live.eventCount == 7 && live.counts == [3, 2, 2])
  }

  private static var window: Preparation {
    var preparation = Preparation(repeats: .keepFirst)
    (preparation.since, preparation.until) = (1_700_000_050_000_000, 1_700_000_350_000_000)
    return preparation
  }

  /// Items 0 to 9, often several times in a row, and a few that are rare; times that sometimes go back.
  private func event(_ number: Int) -> NewEvent {
    let item = number % 50 == 3 ? "rare \(number % 8)" : "i\(number / 3 % 10)"
    let seconds = 1_700_000_000 + number - number % 7 * 5
    return NewEvent(
      user: Identifier("u\(number * number % 37)"), item: Identifier(item), time: Int64(seconds) * 1_000_000)
  }

  private func names(of user: Identifier, in log: LiveLog) -> [Identifier]? {
    log.history(of: user)?.map { log.items[Int($0)] }
  }

  private func log(_ events: ArraySlice<NewEvent>) -> InteractionLog {
    let users = Catalog(distinct(events.map(\.user)))
    let items = Catalog(distinct(events.map(\.item)))
    var batch = EventBatch(columns: EventColumns(present: [.time]))
    for event in events {
      batch.users.append(UserID(users.index(of: event.user)!))
      batch.items.append(ItemID(items.index(of: event.item)!))
      batch.columns.append(event.time!, to: .time)
    }
    return InteractionLog(users: users, items: items, events: batch)
  }

  private func distinct(_ names: [Identifier]) -> [Identifier] {
    var seen = Set<Identifier>()
    return names.filter { seen.insert($0).inserted }
  }
}
