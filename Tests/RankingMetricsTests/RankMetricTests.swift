import Foundation
import RankingMetrics
import Testing

@Suite struct RankMetricTests {
  @Test(arguments: [1, 2, 5, 10, 11, 3_416], [1, 5, 10, 20]) func ofOneTargetIsItsClosedForm(rank: Int, k: Int) {
    let hit = rank <= k ? 1.0 : 0.0
    #expect(RankMetric.hitRate.value(ofRanks: [rank], at: k) == hit)
    #expect(RankMetric.recall.value(ofRanks: [rank], at: k) == hit)
    #expect(RankMetric.precision.value(ofRanks: [rank], at: k) == hit / Double(k))
    #expect(RankMetric.reciprocalRank.value(ofRanks: [rank], at: k) == hit / Double(rank))
    #expect(RankMetric.averagePrecision.value(ofRanks: [rank], at: k) == hit / Double(rank))
    #expect(abs(RankMetric.ndcg.value(ofRanks: [rank], at: k) - hit / log2(1 + Double(rank))) < 1e-15)
  }

  @Test func ofSeveralTargetsByHand() {
    // Targets at 1, 3 and 12 of a list cut at 5.
    let ranks = [1, 3, 12]
    let ideal = 1 + 1 / log2(3.0) + 0.5
    #expect(RankMetric.hitRate.value(ofRanks: ranks, at: 5) == 1)
    #expect(abs(RankMetric.ndcg.value(ofRanks: ranks, at: 5) - 1.5 / ideal) < 1e-15)
    #expect(RankMetric.reciprocalRank.value(ofRanks: ranks, at: 5) == 1)
    #expect(abs(RankMetric.averagePrecision.value(ofRanks: ranks, at: 5) - (1 + 2.0 / 3) / 3) < 1e-15)
    #expect(RankMetric.precision.value(ofRanks: ranks, at: 5) == 0.4)
    #expect(RankMetric.recall.value(ofRanks: ranks, at: 5) == 2.0 / 3)
    // More targets than places: the ideal list is full.
    #expect(RankMetric.averagePrecision.value(ofRanks: [1, 2, 3], at: 2) == 1)
    #expect(RankMetric.ndcg.value(ofRanks: [1, 2, 3], at: 2) == 1)
  }

  @Test func theMeanIsOverUsersAndZeroWithoutAny() {
    #expect(RankMetric.hitRate.mean(ofRanks: [[1], [30], [10], [11]], at: 10) == 0.5)
    #expect(RankMetric.ndcg.mean(ofRanks: [], at: 10) == 0)
  }

  @Test(arguments: RankMetric.allCases) func aBetterRankIsNeverWorthLess(metric: RankMetric) {
    for rank in 2...30 {
      #expect(metric.value(ofRanks: [rank - 1], at: 10) >= metric.value(ofRanks: [rank], at: 10))
    }
  }
}
