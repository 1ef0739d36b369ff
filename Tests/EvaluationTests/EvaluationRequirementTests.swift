import Evaluation
import Interactions
import Testing

/// Too few users to evaluate is one error for every command, with its reason.
@Suite struct EvaluationRequirementTests {
  /// A log of users with so many events each.
  private func log(_ lengths: [Int]) -> InteractionLog {
    InteractionLog(
      users: Catalog(lengths.indices.map { "u\($0)" }), items: Catalog((0..<9).map { "i\($0)" }),
      offsets: lengths.reduce(into: [0]) { $0.append($0.last! + $1) },
      events: lengths.flatMap { (0..<$0).map { ItemID($0 % 9) } })
  }

  @Test func twoUsersAreEnough() throws {
    let split = LeaveOneOut.split(log([3, 2, 5]))
    try split.requireUsers(in: .test)
    try split.requireUsers(in: .validation)
  }

  @Test func saysHowManyThereAreAndWhy() {
    let one = #expect(throws: TooFewUsersError.self) {
      try LeaveOneOut.split(log([3, 2, 1, 2])).requireUsers(in: .test)
    }
    #expect(
      one?.description
        == "only 1 user can be evaluated on the test, where at least 2 are needed (leave-one-out: each user's "
        + "last item is the test, the one before it the validation); left out: 3 users with fewer than three events; look "
        + "at `cloze check`, relax the preparation, or cut otherwise with --split")
    let none = #expect(throws: TooFewUsersError.self) { try LeaveOneOut.split(log([2])).requireUsers(in: .validation) }
    #expect(
      none?.description.hasPrefix("no user can be evaluated on the validation, where at least 2 are needed") == true)
    #expect(none?.description.hasSuffix("--set heldOut=test trains without validation") == true)
  }
}
