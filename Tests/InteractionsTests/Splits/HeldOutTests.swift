import Interactions
import TestSupport
import Testing

/// What is not held out trains and asks nothing; the test stays the same test.
@Suite struct HeldOutTests {
  private let log = InteractionLog(
    histories: (0..<40).map { user in (0..<5).map { (5 * user + $0) * 7 % 9 } },
    times: (0..<200).map { Int64($0 % 5 * 40 + $0 / 5) * 1_000_000 })
  private let methods: [SplitMethod] = [
    .leaveOneOut, .globalTime(GlobalTime(testFrom: .fraction(0.7), validationShare: 0.3)),
    .newUsers(DrawnShare(share: 0.5, seed: 3)),
  ]

  @Test func theTestIsTheSameWhateverElseIsHeldOut() throws {
    for method in methods {
      let usual = try method.split(log)
      for heldOut in HeldOut.allCases {
        let split = try method.split(log, holdingOut: heldOut)
        #expect(split.test.map(\.user) == usual.test.map(\.user))
        #expect(split.test.map(\.targets) == usual.test.map(\.targets))
        #expect(split.test.map { Array($0.history) } == usual.test.map { Array($0.history) })
        #expect(split.summary.method == usual.summary.method)
        #expect(split.validation.isEmpty == (heldOut != .validationAndTest))
      }
    }
  }

  @Test func validationsAnswersTrainWhereTheTestAloneIsHeldOut() throws {
    for method in methods {
      let (usual, last) = (try method.split(log), try method.split(log, holdingOut: .test))
      #expect(last.training.eventCount > usual.training.eventCount)
      for evaluated in usual.validation {
        let learned = Array(last.training.history(of: evaluated.user))
        #expect(Array(learned.prefix(evaluated.history.count)) == Array(evaluated.history))
        #expect(Set(learned.dropFirst(evaluated.history.count)).isSuperset(of: evaluated.targets))
      }
      for evaluated in usual.test {
        let learned = Array(last.training.history(of: evaluated.user))
        #expect(learned.isEmpty || learned == Array(evaluated.history), "an answer of the test trains")
      }
    }
  }

  @Test func everythingTrainsWhereNothingIsHeldOut() throws {
    for method in methods {
      let all = try method.split(log, holdingOut: .nothing).training
      #expect(all.events == log.events && all.offsets == log.offsets)
      #expect(all.times == log.times)
    }
  }
}
