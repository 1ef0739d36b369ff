import Foundation
import Kernels
import Recommending
import SequentialModels
import Testing

@Suite struct CandidatesTests {
  let users = Matrix(rows: 35, columns: 3, numbers(35 * 3, seed: 1))
  let table = Matrix(rows: 211, columns: 3, numbers(211 * 3, seed: 2))
  let bias = Matrix(rows: 1, columns: 211, numbers(211, seed: 3))

  /// Small integers: ties everywhere, and sums that are exact in any order.
  static func numbers(_ count: Int, seed: UInt64) -> [Float] {
    let random = CounterRandom(seed: seed, purpose: 0, step: 0)
    return (0..<count).map { Float(random.below(5, UInt64($0)) - 2) }
  }

  /// Every allowed item in the order of a full sort.
  func sorted(_ user: Int, where allowed: (Int32) -> Bool) -> [RankedItem] {
    (0..<211).map { item in
      RankedItem(
        item: Int32(item), score: (0..<3).reduce(bias[0, item]) { $0 + users[user, $1] * table[item, $1] })
    }.filter { allowed($0.item) }.sorted(by: RankedItem.precedes)
  }

  @Test(arguments: [1, 2, 3], [1, 17, 400])
  func listsDoNotDependOnThreads(threads: Int, k: Int) {
    let lists = Candidates(table: table, bias: bias).rank(k, for: users, workers: Workers(threads: threads))
    for (user, list) in lists.enumerated() { #expect(list.items == Array(sorted(user) { _ in true }.prefix(k))) }
  }

  /// A minority is gathered and a majority is masked; exclusions hold in both, also of items that are no candidates.
  @Test(arguments: [2, 10])
  func onlyCandidatesAreListed(every step: Int) {
    let allowed = (0..<211).map { ($0 % step == 0) == (step == 2) || $0 % 7 == 1 }
    let excluded = (0..<35).map { user in (0..<211).filter { ($0 + user) % 5 == 0 }.reversed().map { Int32($0) } }
    let candidates = Candidates(table: table, bias: bias, allowed: allowed)
    #expect(candidates.count == allowed.count { $0 })
    let lists = candidates.rank(50, for: users, excluded: excluded, workers: Workers(threads: 2))
    for (user, list) in lists.enumerated() {
      let expected = sorted(user) { allowed[Int($0)] && !excluded[user].contains($0) }
      #expect(list.items == Array(expected.prefix(50)))
    }
  }

  @Test(arguments: [nil, 3]) func probabilitiesSumToOneOverTheCandidates(step: Int?) {
    let allowed = step.map { step in (0..<211).map { $0 % step == 0 } }
    let lists = Candidates(table: table, bias: bias, allowed: allowed).rank(
      211, for: users, excluded: (0..<35).map { [Int32($0)] }, logSums: true, workers: Workers(threads: 2))
    for list in lists { #expect(abs((list.probabilities ?? []).reduce(0, +) - 1) < 1e-5) }
  }

  @Test(arguments: [(1, 10), (2, 60), (5, 211)])
  func aGroupGivesAtMostItsShare(most: Int, k: Int) {
    let groups = (0..<211).map { Int32($0 % 13 == 0 ? -1 : $0 % 6) }
    let limit = GroupLimit(groups: groups, most: most)
    let lists = Candidates(table: table, bias: bias).rank(k, for: users, limit: limit, workers: Workers(threads: 2))
    for (user, list) in lists.enumerated() {
      var taken = [Int32: Int]()
      let expected = sorted(user) { _ in true }.filter { item in
        let group = groups[Int(item.item)]
        taken[group, default: 0] += 1
        return group < 0 || taken[group]! <= most
      }
      #expect(list.items == Array(expected.prefix(k)))
    }
  }
}
