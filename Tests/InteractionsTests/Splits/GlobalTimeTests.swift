import Interactions
import TestSupport
import Testing

@Suite struct GlobalTimeTests {
  /// Four users, times in seconds; item 5 appears from second 60 on only.
  private static let rows: [(user: Int, item: Int, second: Int64)] = [
    (0, 0, 10), (0, 1, 20), (0, 2, 70), (1, 3, 65), (1, 4, 80), (2, 0, 5), (2, 1, 45), (2, 5, 60), (2, 5, 61),
    (2, 3, 90), (3, 4, 30),
  ]
  private let log = InteractionLog(
    users: Catalog(["early", "late", "steady", "gone"]), items: Catalog(["0", "1", "2", "3", "4", "5"]),
    events: rows.map { ($0.user, $0.item, $0.second * 1_000_000) })

  @Test func cutsEverybodyAtOneMoment() throws {
    let split = try GlobalTime(testFrom: .time(60_000_000), validationShare: 0.25).split(log)
    // Five events before second 60: validation from the fourth, second 30, on.
    #expect(split.training.offsets == [0, 2, 2, 3, 3])
    #expect(split.validation.map(\.user) == [UserID(2)])
    #expect(split.validation[0].targets == [ItemID(1)])
    #expect(split.test.map(\.user) == [UserID(0), UserID(2)])
    #expect(split.test[1].targets == [ItemID(5), ItemID(3)], "an item is a target once")
    #expect(Array(split.test[1].history) == [ItemID(0), ItemID(1)])
    #expect(split.test[1].gap == 15_000_000)
  }

  @Test func countsWhoAndWhatIsNew() throws {
    let summary = try GlobalTime(testFrom: .time(60_000_000), validationShare: 0.25).split(log).summary
    #expect(summary.method?.description == "global time: events from 1970-01-01T00:01:00Z on are the test")
    #expect(summary.testUsers == 2 && summary.validationUsers == 1)
    #expect(summary.usersLeftOut == ["new after the cut": 1, "without an event after the cut": 1])
    // Training holds items 0 and 1 only.
    #expect(summary.newItems == 3 && summary.targetsOfNewItems == 3)
    #expect(summary.leakage == 0)
  }

  @Test func aFractionIsAShareOfEvents() throws {
    let method = try GlobalTime(testFrom: .fraction(0.5)).split(log).summary.method
    #expect(method == .globalTime(GlobalTime(testFrom: .time(60_000_000))), "five of eleven events precede second 60")
  }

  @Test func aMomentIsAShareOrATime() {
    #expect(GlobalTime.Moment("0.8") == .fraction(0.8))
    #expect(GlobalTime.Moment("1970-01-02") == .time(86_400_000_000))
    #expect(GlobalTime.Moment("1970-01-01T00:01:00Z") == .time(60_000_000))
    for text in ["1.5", "0", "yesterday", ""] { #expect(GlobalTime.Moment(text) == nil, "\(text)") }
  }

  @Test func saysWhyItCannotCut() {
    let untimed = InteractionLog(histories: [[0]])
    #expect(throws: SplitError.noTimes) { try GlobalTime().split(untimed) }
    #expect(throws: SplitError.shareOutOfRange("the test's moment", 1.5)) {
      try GlobalTime(testFrom: .fraction(1.5)).split(log)
    }
  }

  @Test func leaveOneOutLeaksAndSaysSo() {
    let summary = LeaveOneOut.split(log).summary
    #expect(summary.testUsers == 2 && summary.usersLeftOut == ["with fewer than three events": 2])
    // Tests at seconds 70 and 90; who has fewer than three events trains whole, and second 80 is the newest there.
    #expect(summary.leakage == 0.5)
  }
}

@Suite struct NewUsersTests {
  private let log = InteractionLog(histories: [[Int]](repeating: [0, 1, 2], count: 200))

  @Test func heldOutUsersTrainNothing() throws {
    let split = try NewUsers.split(log, DrawnShare(share: 0.2, seed: 4))
    let requested = (split.test + split.validation).map(\.user)
    #expect(Set(requested).count == requested.count && (20...60).contains(requested.count))
    for user in requested { #expect(split.training.history(of: user).isEmpty) }
    #expect(split.training.eventCount == 3 * (200 - requested.count))
    #expect(split.test.allSatisfy { $0.targets == [ItemID(2)] && $0.history.count == 2 })
    #expect(split.summary.leakage == nil)
    #expect(split.summary.usersLeftOut["in validation"] == split.validation.count)
  }

  @Test func theSeedDecides() throws {
    let one = try NewUsers.split(log, DrawnShare(share: 0.2, seed: 4)).test.map(\.user)
    #expect(try NewUsers.split(log, DrawnShare(share: 0.2, seed: 4)).test.map(\.user) == one)
    #expect(try NewUsers.split(log, DrawnShare(share: 0.2, seed: 5)).test.map(\.user) != one)
    #expect(throws: SplitError.self) { try NewUsers.split(log, DrawnShare(share: 0)) }
  }
}
