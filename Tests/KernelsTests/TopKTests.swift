import Foundation
import Kernels
import Testing

@Suite struct TopKTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var users: Int, items: Int, width: Int, k: Int, values: Int, excluded = 0
    var testDescription: String {
      "top \(k) of \(items) × \(width) for \(users), \(values) values, \(excluded) excluded"
    }
  }
  /// Few values make ties the rule; sums of small integers are exact in any order, so lists can be compared exactly.
  static let cases = [
    Case(users: 1, items: 1, width: 1, k: 1, values: 3), Case(users: 3, items: 17, width: 3, k: 5, values: 2),
    Case(users: 17, items: 500, width: 5, k: 17, values: 3), Case(users: 128, items: 301, width: 7, k: 3, values: 9),
    Case(users: 33, items: 85, width: 17, k: 200, values: 5), Case(users: 5, items: 1_000, width: 1, k: 10, values: 1),
    Case(users: 17, items: 169, width: 300, k: 40, values: 4), Case(users: 9, items: 253, width: 3, k: 0, values: 4),
    Case(users: 17, items: 500, width: 5, k: 17, values: 3, excluded: 100),
    Case(users: 3, items: 90, width: 2, k: 90, values: 2, excluded: 60),
  ]

  @Test(arguments: cases)
  func listsAreTheBeginningOfAFullSort(the: Case) {
    let (users, table, bias) = integers(the)
    let excluded = exclusions(the)
    let lists = TopK.select(the.k, users: users, table: table, bias: bias, firstItem: 7, excluded: excluded)
    let scores = Matrix(rows: the.users, columns: the.items)
    MatrixProduct.multiply(users, table, rightTransposed: true, into: scores)
    for user in 0..<the.users {
      let out = Set(excluded.isEmpty ? [] : excluded[user])
      let all = (0..<the.items).map { RankedItem(item: Int32($0 + 7), score: scores[user, $0] + bias[0, $0]) }
      let expected = all.filter { !out.contains($0.item) }.sorted(by: RankedItem.precedes).prefix(the.k)
      #expect(lists.items[user] == Array(expected))
    }
  }

  /// Scores that are not exact: alone or together, in one piece or in two, every list is the same to the bit.
  @Test func listsDoNotDependOnWhoStandsTogetherOrWhereItemsAreCut() {
    let random = CounterRandom(seed: 3, purpose: 0, step: 0)
    let users = Matrix(rows: 50, columns: 33, (0..<50 * 33).map { Float(random.uniform(UInt64($0))) - 0.5 })
    let table = Matrix(rows: 400, columns: 33, (0..<400 * 33).map { Float(random.uniform(UInt64(9_999 + $0))) - 0.5 })
    let bias = Matrix(rows: 1, columns: 400, (0..<400).map { Float(random.uniform(UInt64(99_999 + $0))) })
    let whole = TopK.select(21, users: users, table: table, bias: bias).items
    for user in [0, 1, 16, 31, 49] {
      let alone = TopK.select(21, users: users.rows(user..<user + 1), table: table, bias: bias).items[0]
      #expect(alone == whole[user])
      #expect(alone.allSatisfy { abs(Double($0.score) - score(users, user, table, bias, Int($0.item))) < 1e-5 })
    }
    for cut in [1, 83, 201] {
      let parts = [0..<cut, cut..<400].map {
        TopK.select(21, users: users, table: table.rows($0), bias: bias.columns($0), firstItem: $0.lowerBound).items
      }
      for user in 0..<50 {
        let merged = (parts[0][user] + parts[1][user]).sorted(by: RankedItem.precedes).prefix(21)
        #expect(Array(merged) == whole[user])
      }
    }
  }

  /// Few users are scored another way than many, with the same sums.
  @Test(arguments: [1, 15, 16, 17, 300], [1, 4, 8, 9, 16, 17, 33])
  func listsAndSumsAreTheSameToTheBitInGroupsOfAnySize(width: Int, group: Int) {
    let random = CounterRandom(seed: 4, purpose: 0, step: UInt64(width))
    func numbers(_ rows: Int, _ columns: Int, from base: Int) -> Matrix {
      Matrix(
        rows: rows, columns: columns,
        (0..<rows * columns).map { Float(random.uniform(UInt64(base + $0))) - 0.5 })
    }
    let (users, table) = (numbers(50, width, from: 0), numbers(173, width, from: 1 << 20))
    let bias = numbers(1, 173, from: 1 << 24)
    let excluded = (0..<50).map { user in (0..<173).filter { ($0 + user) % 11 == 0 }.map { Int32($0) } }
    let whole = TopK.select(9, users: users, table: table, bias: bias, excluded: excluded, logSums: true)
    for start in stride(from: 0, to: 50, by: group) {
      let part = start..<min(50, start + group)
      let lists = TopK.select(
        9, users: users.rows(part), table: table, bias: bias, excluded: Array(excluded[part]), logSums: true)
      #expect(lists.items == Array(whole.items[part]))
      #expect(lists.logSums == Array(whole.logSums[part]))
    }
  }

  @Test func notANumberNeverWinsAndInfinitiesStandInOrder() {
    let table = Matrix(rows: 6, columns: 1, [1, 1, 1, 1, 1, 1])
    let bias = Matrix(rows: 1, columns: 6, [-.infinity, .nan, 2, .infinity, -0.0, .infinity])
    let user = Matrix(rows: 1, columns: 1, [0])
    #expect(TopK.select(6, users: user, table: table, bias: bias).items[0].map(\.item) == [3, 5, 2, 4, 0])
    #expect(TopK.select(1, users: user, table: table, bias: bias).items[0].map(\.item) == [3])
    let lost = Matrix(rows: 1, columns: 1, [.nan])
    #expect(TopK.select(6, users: lost, table: table, bias: bias).items[0].isEmpty)
  }

  @Test func zerosOfEitherSignTie() {
    let table = Matrix(rows: 2, columns: 1, [-1, 1])
    let lists = TopK.select(
      2, users: Matrix(rows: 1, columns: 1), table: table, bias: Matrix(rows: 1, columns: 2, [-0.0, 0]))
    #expect(lists.items[0].map(\.item) == [0, 1])
  }

  @Test(arguments: cases)
  func exponentialsSumToOneOverTheCandidates(the: Case) {
    let (users, table, bias) = integers(the)
    let lists = TopK.select(
      the.items, users: users, table: table, bias: bias, firstItem: 7, excluded: exclusions(the), logSums: true)
    for (list, logSum) in zip(lists.items, lists.logSums) where !list.isEmpty {
      let sum = list.reduce(0) { $0 + exp(Double($1.score) - logSum) }
      #expect(abs(sum - 1) < 1e-5)
    }
    let few = TopK.select(
      1, users: users, table: table, bias: bias, firstItem: 7, excluded: exclusions(the), logSums: true)
    #expect(few.logSums == lists.logSums)
  }

  private func integers(_ the: Case) -> (Matrix, Matrix, Matrix) {
    let random = CounterRandom(seed: 5, purpose: 1, step: UInt64(the.items))
    func matrix(_ rows: Int, _ columns: Int, from base: Int) -> Matrix {
      Matrix(
        rows: rows, columns: columns,
        (0..<rows * columns).map { Float(random.below(the.values, UInt64(base + $0)) - the.values / 2) })
    }
    return (
      matrix(the.users, the.width, from: 0), matrix(the.items, the.width, from: 1 << 20),
      matrix(1, the.items, from: 1 << 24)
    )
  }

  private func exclusions(_ the: Case) -> [[Int32]] {
    if the.excluded == 0 { return [] }
    let random = CounterRandom(seed: 6, purpose: 2, step: 0)
    return (0..<the.users).map { user in
      Set((0..<the.excluded).map { Int32(random.below(the.items + 20, UInt64(user * 1_000 + $0))) }).sorted()
    }
  }

  private func score(_ users: Matrix, _ user: Int, _ table: Matrix, _ bias: Matrix, _ item: Int) -> Double {
    (0..<users.columns).reduce(Double(bias[0, item])) { $0 + Double(users[user, $1]) * Double(table[item, $1]) }
  }
}
