import Foundation
import Interactions
import Testing

@Suite struct PreparationTests {
  private func log(_ text: String) throws -> InteractionLog { try TemporaryLog(text, name: "log").read().log }

  @Test func nothingRequestedChangesNothing() throws {
    let log = try log("a x\na x\nb y\n")
    let (prepared, summary) = try Preparation().apply(log)
    #expect(prepared == log)
    #expect(summary.removedRepeats == 0)
    #expect(summary.removedRare == 0)
    #expect(summary.rounds == 1)
  }

  /// Leaving out the rare item leaves user c with one event, without whom item z is rare as well, and so on.
  @Test func minimumsHoldForEverybodyWhoIsLeft() throws {
    let log = try log("a x\na y\nb x\nb y\nc y\nc z\nd z\nd w\n")
    let (prepared, summary) = try Preparation(minimumUserEvents: 2, minimumItemEvents: 2).apply(log)
    #expect(prepared.text == ["a: x y", "b: x y"])
    #expect(prepared.items.names == ["x", "y"])
    #expect(summary.removedRare == 4)
    #expect(summary.rounds == 5)
    #expect(summary.before.events == 8)
    #expect(
      summary.description == """
        prepared: 4 of 8 events, 2 of 4 users and 2 of 4 items stay; left out 0 repeats and 4 events of the rare in 5 rounds
        """)
  }

  @Test func repeatsAreCollapsedOrOnlyTheLastStays() throws {
    let log = try log("a x\na x\na y\na x\nb x\na z\na z\n")
    #expect(try Preparation(repeats: .collapseConsecutive).apply(log).log.text == ["a: x y x z", "b: x"])
    let (prepared, summary) = try Preparation(repeats: .keepLast).apply(log)
    #expect(prepared.text == ["a: y x z", "b: x"])
    #expect(summary.removedRepeats == 3)
    let (first, gone) = try Preparation(repeats: .keepFirst).apply(log)
    #expect(first.text == ["a: x y z", "b: x"])
    #expect(gone.removedRepeats == 3)
  }

  @Test func aWindowHoldsItsFirstMomentAndNotItsLast() throws {
    let log = try log("a x 1700000000\na y 1700000001\na z 1700000002\nb x 1700000003\n")
    let (since, until) = (Int64(1_700_000_001_000_000), Int64(1_700_000_003_000_000))
    var preparation = Preparation()
    (preparation.since, preparation.until) = (since, until)
    let (prepared, summary) = try preparation.apply(log)
    #expect(prepared.text == ["a: y z"] && prepared.times == [since, since + 1_000_000])
    #expect(
      summary.description == """
        prepared: 2 of 4 events, 1 of 2 users and 2 of 3 items stay; left out 2 events outside of the window, 0 repeats and 0 \
        events of the rare in 1 round
        """)
    preparation.until = nil
    #expect(try preparation.apply(log).log.text == ["a: y z", "b: x"])
    #expect(LogSettings(preparation: preparation).options() == ["--since 2023-11-14T22:13:21Z"])
    preparation.since = until + 1
    #expect(throws: LogError.self) { try preparation.apply(log) }
    #expect(try JSONDecoder().decode(Preparation.self, from: JSONEncoder().encode(preparation)) == preparation)
  }

  @Test func aRepeatThatAppearsWhenARareItemGoesIsCollapsedToo() throws {
    let log = try log("a x\na rare\na x\nb x\n")
    let prepared = try Preparation(repeats: .collapseConsecutive, minimumItemEvents: 2).apply(log).log
    #expect(prepared.text == ["a: x", "b: x"])
  }

  @Test func sessionsEndAfterTheGapAndWithTheUser() throws {
    let log = try log("user,item,time\na,x,1700000000\na,y,1700000060\na,z,1700000121\nb,x,1700000121\n")
    let (prepared, summary) = try Preparation(sessionGapMinutes: 1).apply(log)
    #expect(prepared.groups == [0, 0, 1, 2])
    #expect(summary.sessions == 3)
    #expect(prepared.events == log.events)
    let untimed = try self.log("a x\na y\n")
    let error = #expect(throws: LogError.self) { try Preparation(sessionGapMinutes: 1).apply(untimed) }
    #expect(
      error?.description
        == "sessions by gap, --since and --until need times, and the log has none; name its time column, or leave them out"
    )
  }
}
