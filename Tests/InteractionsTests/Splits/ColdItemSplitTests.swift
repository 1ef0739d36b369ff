import Interactions
import TestSupport
import Testing

@Suite struct ColdItemSplitTests {
  private let log = InteractionLog(
    histories: (0..<50).map { user in (0..<7).map { (user * 3 + $0 * 5) % 40 } }, items: 40)

  @Test func drawnItemsTrainNothingAndStayTargets() throws {
    let split = try SplitMethod.coldItems(DrawnShare(share: 0.25, seed: 2)).split(log)
    let whole = LeaveOneOut.split(log)
    #expect(split.test.map(\.targets) == whole.test.map(\.targets))
    #expect(split.test.map { Array($0.history) } == whole.test.map { Array($0.history) })
    let trained = Set(split.training.events)
    let gone = Set(whole.training.events).subtracting(trained)
    #expect((5...15).contains(gone.count), "\(gone.count) of 40 items")
    for user in 0..<50 {
      #expect(
        Array(split.training.history(of: UserID(user)))
          == whole.training.history(of: UserID(user)).filter { !gone.contains($0) })
    }
    #expect(split.summary.targetsOfNewItems == split.test.count { !trained.contains($0.targets[0]) })
    #expect(split.summary.targetsOfNewItems > 0)
    // What trains before the test does not hold them either; nothing held out trains all.
    let later = try SplitMethod.coldItems(DrawnShare(share: 0.25, seed: 2)).split(log, holdingOut: .test)
    #expect(Set(later.training.events).isDisjoint(with: gone))
    let all = try SplitMethod.coldItems(DrawnShare(share: 0.25, seed: 2)).split(log, holdingOut: .nothing)
    #expect(all.training.events == log.events)
  }

  @Test func aShareThatIsNoneIsRefused() {
    #expect(throws: SplitError.shareOutOfRange("the share of cold items", 1)) {
      try ColdItemSplit.split(log, DrawnShare(share: 1))
    }
  }
}
