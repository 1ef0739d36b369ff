import RankingMetrics
import Testing

@Suite struct ListStatisticsTests {
  private func statistics(_ lists: [[Int32]], k: Int, items: Int) -> ListStatistics {
    ListStatistics(
      of: lists, at: k, popularity: (0..<items).map { 10 * $0 }, usersOfItem: (0..<items).map { $0 }, users: 16)
  }

  @Test func evenListsHaveNoGiniAndCoverAll() {
    let result = statistics([[0, 1], [2, 3]], k: 2, items: 4)
    #expect(result.coverage == 1)
    #expect(result.gini == 0)
    #expect(result.meanPopularity == 15)
    #expect(result.concentration == 0.5)
  }

  @Test func itemsWithoutAnEventHaveACoverageOfTheirOwn() {
    // Item 0 has no event.
    #expect(statistics([[0, 1], [2, 3]], k: 2, items: 4).coldCoverage == 1)
    #expect(statistics([[0, 1], [2, 3]], k: 2, items: 4).coverage == 1)
    #expect(statistics([[1, 2]], k: 2, items: 4).coldCoverage == 0)
    #expect(
      ListStatistics(of: [[0]], at: 1, popularity: [3, 4], usersOfItem: [1, 1], users: 2).coldCoverage == nil)
  }

  @Test func oneItemForEverybodyIsAllGini() {
    let result = statistics([[3], [3], [3]], k: 1, items: 4)
    #expect(result.coverage == 0.25)
    #expect(result.gini == 0.75)
    #expect(result.concentration == 1)
  }

  @Test func noveltyIsTheMeanSelfInformation() {
    // Audiences 4 and 8 of 16 users: 2 bits and 1 bit. Item 0, seen by no user, counts as seen by one: 4 bits.
    #expect(statistics([[4, 8]], k: 2, items: 9).novelty == 1.5)
    #expect(statistics([[0]], k: 1, items: 9).novelty == 4)
  }

  @Test func onlyTheFirstPlacesCount() {
    #expect(statistics([[0, 1, 2], [0, 2, 1]], k: 1, items: 4).coverage == 0.25)
  }

  @Test func emptyListsGiveZeros() {
    #expect(statistics([[], []], k: 5, items: 3) == statistics([], k: 5, items: 3))
  }
}
