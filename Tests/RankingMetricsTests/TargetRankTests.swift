import RankingMetrics
import Testing

@Suite struct TargetRankTests {
  private func ranks(_ targets: [Int], _ scores: [Float]) -> [Int] { TargetRank.ranks(of: targets, in: scores.span) }

  @Test func countsBetterItems() {
    #expect(ranks([2], [0.5, 0.9, 0.7, 0.1]) == [2])
    #expect(ranks([1], [0.5, 0.9, 0.7, 0.1]) == [1])
    #expect(ranks([0], [4]) == [1])
  }

  @Test(arguments: [1, 3, 17, 1_000]) func aConstantScorerPutsItsTargetLast(items: Int) {
    let scores = [Float](repeating: 2, count: items)
    #expect(ranks([0], scores) == [items])
    #expect(ranks([items - 1], scores) == [items])
  }

  @Test func aNotANumberIsNoCandidateAndLastAsATarget() {
    #expect(ranks([3], [.nan, .nan, 2, 1]) == [2])
    #expect(ranks([0], [.nan, 5, 2, 1]) == [4])
    #expect(ranks([0], [-.infinity, 5, .infinity]) == [3])
  }

  @Test func severalTargetsStandOneAfterAnother() {
    #expect(ranks([3, 0], [0.5, 0.9, 0.7, 0.1]) == [3, 4])
    // Targets 0, 1, 2 tie with item 3, which goes before all of them.
    #expect(ranks([0, 1, 2], [1, 1, 1, 1, 0]) == [2, 3, 4])
    #expect(ranks([0, 4, 1], [1, 1, 2, 0, 2]) == [2, 3, 4])
  }

  @Test(arguments: [1, 3, 17]) func agreesWithASort(items: Int) {
    var scores = (0..<items).map { Float(($0 * 7 + 3) % 5) }
    scores.append(9)
    for target in 0..<items {
      let better = scores.filter { $0 > scores[target] }.count
      let tied = scores.filter { $0 == scores[target] }.count
      #expect(ranks([target], scores) == [better + tied])
    }
  }
}

@Suite struct TopItemsTests {
  @Test(arguments: [0, 1, 3, 17, 40]) func agreesWithAFullSort(count: Int) {
    var scores = (0..<33).map { Float(($0 * 13 + 5) % 11) }
    for index in stride(from: 4, to: 33, by: 9) { scores[index] = .nan }
    let candidates = scores.indices.filter { !scores[$0].isNaN }
    let sorted = candidates.sorted { scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1] }
    #expect(TopItems.select(count, from: scores.span) == sorted.prefix(count).map { Int32($0) })
  }

  @Test func keepsMinusInfinityAsACandidate() {
    #expect(TopItems.select(3, from: ([-.infinity, .nan, 0] as [Float]).span) == [2, 0])
  }
}
