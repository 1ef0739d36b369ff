import Interactions
import Testing

/// What is not held out trains and asks nothing; the test stays the same test.
@Suite struct HeldOutTests {
  private let log = InteractionLog(
    users: Catalog((0..<40).map { "u\($0)" }), items: Catalog((0..<9).map { "i\($0)" }),
    offsets: (0...40).map { $0 * 5 }, events: (0..<200).map { ItemID($0 * 7 % 9) },
    times: (0..<200).map { Int64($0 % 5 * 40 + $0 / 5) * 1_000_000 })
  private let methods: [SplitMethod] = [
    .leaveOneOut, .globalTime(GlobalTime(testFrom: .fraction(0.7), validationShare: 0.3)),
    .newUsers(NewUsers(share: 0.5, seed: 3)),
  ]

  @Test func theTestIsTheSameWhateverElseIsHeldOut() throws {
    for method in methods {
      let usual = try method.split(log)
      for heldOut in HeldOut.allCases {
        let split = try method.split(log, holdingOut: heldOut)
        #expect(split.test.map(\.user) == usual.test.map(\.user))
        #expect(split.test.map(\.targets) == usual.test.map(\.targets))
        #expect(split.test.map { Array($0.history) } == usual.test.map { Array($0.history) })
        #expect(split.account.method == usual.account.method)
        #expect(split.validation.isEmpty == (heldOut != .validationAndTest))
      }
    }
  }

  @Test func validationsAnswersTrainWhereTheTestAloneIsHeldOut() throws {
    for method in methods {
      let (usual, last) = (try method.split(log), try method.split(log, holdingOut: .test))
      #expect(last.training.eventCount > usual.training.eventCount)
      for question in usual.validation {
        let learnt = Array(last.training.history(of: question.user))
        #expect(Array(learnt.prefix(question.history.count)) == Array(question.history))
        #expect(Set(learnt.dropFirst(question.history.count)).isSuperset(of: question.targets))
      }
      for question in usual.test {
        let learnt = Array(last.training.history(of: question.user))
        #expect(learnt.isEmpty || learnt == Array(question.history), "an answer of the test trains")
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
