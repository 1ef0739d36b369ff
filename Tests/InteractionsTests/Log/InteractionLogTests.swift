import Interactions
import TestSupport
import Testing

@Suite struct InteractionLogTests {
  private let users = Catalog(["ann", "bob", "nobody"])
  private let items = Catalog(["x", "y", "z"])

  private func event(_ user: Int, _ item: Int, _ time: Int64?) -> (user: Int, item: Int, time: Int64?) {
    (user, item, time)
  }

  @Test func equalTimesKeepTheOrderOfTheInput() {
    let log = InteractionLog(
      users: users, items: items,
      events: [event(1, 2, 5), event(0, 1, 7), event(1, 0, 5), event(1, 1, 4), event(0, 0, 7)])
    #expect(log.text == ["ann: y x", "bob: y z x", "nobody: "])
    #expect(log.times == [7, 7, 4, 5, 5])
    #expect(log.offsets == [0, 2, 5, 5])
  }

  @Test func withoutAllTimesTheOrderOfTheInputIsTheOrder() {
    let log = InteractionLog(
      users: users, items: items, events: [event(0, 2, 9), event(0, 1, nil), event(0, 0, 3)])
    #expect(log.text[0] == "ann: z y x")
    #expect(log.times == nil)
  }

  @Test func theFingerprintChangesWithEverythingThatMatters() {
    let events = [event(0, 0, 1), event(0, 1, 2), event(1, 2, 3)]
    let log = InteractionLog(users: users, items: items, events: events)
    let shuffled = InteractionLog(users: users, items: items, events: [events[2], events[1], events[0]])
    #expect(log.fingerprint == shuffled.fingerprint)
    var others = [
      InteractionLog(users: users, items: items, events: [events[0], events[1], event(1, 2, 4)]),
      InteractionLog(users: users, items: items, events: [events[0], events[1], event(1, 1, 3)]),
      InteractionLog(users: Catalog(["ann", "bob", "x"]), items: items, events: events),
      InteractionLog(users: users, items: Catalog(["x", "yz", ""]), events: events),
      InteractionLog(users: users, items: items, events: events.map { event($0.user, $0.item, nil) }),
    ].map(\.fingerprint)
    others.append(log.fingerprint)
    #expect(Set(others).count == 6)
  }
}
