import Foundation
import Interactions
import Testing

@Suite struct SyntheticProcessTests {
  private func process(_ kind: SyntheticOptions.Process, users: Int = 40) -> SyntheticProcess {
    SyntheticProcess(SyntheticOptions(process: kind, users: users, items: 60, clusters: 6, seed: 3, meanLength: 12))
  }

  @Test(arguments: SyntheticOptions.Process.allCases) func writesTheSameLogFromTheSameSeed(
    kind: SyntheticOptions.Process
  ) {
    let log = process(kind).log()
    #expect(log == process(kind).log())
    #expect(log.userCount == 40)
    for user in 0..<log.userCount {
      let history = log.history(of: UserID(user))
      #expect((5...30).contains(history.count))
      #expect(Set(history).count == history.count, "no item comes twice")
      let times = log.times![log.range(of: UserID(user))]
      #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test func lengthsHaveTheMeanThatWasRequested() {
    let log = process(.orderFree, users: 1_000).log()
    // Geometric beyond the shortest: a standard deviation of 7.5, so a standard error of 0.24.
    #expect(abs(Double(log.eventCount) / 1_000 - 12) < 0.8)
    #expect((0..<1_000).contains { log.history(of: UserID($0)).count == 5 })
  }

  @Test func moreUsersDoNotChangeTheFirst() {
    let few = process(.mixture, users: 5).log()
    let many = process(.mixture, users: 40).log()
    #expect(Array(many.events.prefix(few.eventCount)) == few.events)
  }

  @Test(arguments: SyntheticOptions.Process.allCases) func probabilitiesSumToOneAndSkipWhatWasSeen(
    kind: SyntheticOptions.Process
  ) {
    let log = process(kind).log()
    var belief = SyntheticBelief(process(kind))
    for item in log.history(of: UserID(0)) {
      let probabilities = belief.itemProbabilities
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-12)
      #expect(probabilities[item.index] > 0)
      belief.observe(item.index)
      #expect(belief.itemProbabilities[item.index] == 0)
    }
    #expect(abs(belief.types.reduce(0, +) - 1) < 1e-12)
  }

  @Test func predictionsAreCalibrated() {
    // Had the process and the belief different laws, the mean log-loss would differ from the mean entropy.
    let process = process(.mixture, users: 300)
    let log = process.log()
    var surprise = 0.0
    var entropy = 0.0
    var variance = 0.0
    for user in 0..<log.userCount {
      var belief = SyntheticBelief(process)
      for item in log.history(of: UserID(user)) {
        let probabilities = belief.itemProbabilities
        let expected = probabilities.reduce(0) { $1 > 0 ? $0 - $1 * Foundation.log($1) : $0 }
        let square = probabilities.reduce(0) { $1 > 0 ? $0 + $1 * pow(Foundation.log($1), 2) : $0 }
        surprise -= Foundation.log(probabilities[item.index])
        entropy += expected
        variance += square - expected * expected
        belief.observe(item.index)
      }
    }
    #expect(abs(surprise - entropy) < 3 * variance.squareRoot())
  }

  @Test func orderFreeForgetsTheOrderAndLastItemAllButTheLast() {
    func after(_ kind: SyntheticOptions.Process, _ order: [Int]) -> [Double] {
      // Neighbours in a history of the last-item process stand in different clusters, nearly always.
      let history = process(.lastItem).log().history(of: UserID(1))
      var belief = SyntheticBelief(process(kind))
      for place in order { belief.observe(history[history.startIndex + place].index) }
      return belief.itemProbabilities
    }
    func same(_ a: [Double], _ b: [Double]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 } }
    #expect(same(after(.orderFree, [0, 1, 2, 3]), after(.orderFree, [3, 1, 0, 2])))
    #expect(same(after(.lastItem, [0, 1, 2, 3]), after(.lastItem, [1, 0, 2, 3])))
    #expect(!same(after(.lastItem, [0, 1, 2, 3]), after(.lastItem, [0, 1, 3, 2])))
    #expect(!same(after(.mixture, [0, 1, 2, 3]), after(.mixture, [1, 0, 2, 3])))
  }

  @Test func impossibleSizesAreNamed() {
    #expect(SyntheticOptions().fault == nil)
    for users in [0, 10_000_001, Int.max] {
      #expect(SyntheticOptions(users: users).fault == "--users \(users): expected a number from 1 to 10000000")
    }
    #expect(SyntheticOptions(items: .max).fault == "--items \(Int.max): expected a number from 2 to 10000000")
    #expect(SyntheticOptions(clusters: 10_001).fault == "--clusters 10001: expected a number from 2 to 10000")
    for skew in [-1, 5.1, .infinity, .nan] {
      #expect(SyntheticOptions(skew: skew).fault == "a skew of \(skew): expected a number from 0 to 5")
    }
    #expect(SyntheticOptions(items: 9, clusters: 10).fault == "9 items: there must be one for each of 10 clusters")
    #expect(
      SyntheticOptions(items: 40, meanLength: 21).fault
        == "histories of 21 items in the mean: no item comes twice in one, so 40 items allow 20")
  }
}
