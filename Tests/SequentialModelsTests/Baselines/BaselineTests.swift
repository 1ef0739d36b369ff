import Interactions
import Kernels
import SequentialModels
import TestSupport
import Testing

@Suite struct BaselineTests {
  private func scores(_ model: some SequentialRecommender, _ histories: [[Int]]) -> [[Float]] {
    let scores = Matrix(rows: histories.count, columns: model.itemCount)
    scores.fill(.nan)
    model.score(histories.map { $0.map { ItemID($0) }[...] }, into: scores)
    return histories.indices.map { scores.rows($0..<$0 + 1).values }
  }

  @Test func popularityCountsInteractions() {
    let model = Popularity(InteractionLog(histories: [[0, 1, 1], [1, 2]], items: 4))
    #expect(scores(model, [[], [3]]) == [[1, 3, 1, 0], [1, 3, 1, 0]])
  }

  @Test func recentPopularityHalvesWithAge() throws {
    let day: Int64 = 86_400_000_000
    let log = InteractionLog(histories: [[0, 1], [0, 2]], items: 3, times: [0, 2 * day, day, 2 * day])
    let model = try #require(Popularity(log, halfLife: 86_400))
    #expect(scores(model, [[]]) == [[0.75, 1, 1]])
    #expect(Popularity(InteractionLog(histories: [[0]], items: 1), halfLife: 1) == nil)
  }

  @Test func markovCountsSuccessorsAndBacksOffToPopularity() {
    let model = LastItemMarkov(InteractionLog(histories: [[0, 1, 0, 1, 2], [0, 2], [3]], items: 4))
    // Eight events: popularity 3, 2, 2, 1 over 9.
    let backOff: [Float] = [3.0 / 9, 2.0 / 9, 2.0 / 9, 1.0 / 9]
    #expect(scores(model, [[2, 0]]) == [[backOff[0], 2 + backOff[1], 1 + backOff[2], backOff[3]]])
    #expect(scores(model, [[], [3]]) == [backOff, backOff])
  }

  @Test func kNNSumsCosinesOverDistinctHistoryItems() {
    let model = ItemKNN(InteractionLog(histories: [[0, 1, 1], [0, 1, 2], [2]], items: 4))
    let half = Float(0.5)
    // U(0) = U(1) = {a, b}, U(2) = {b, c}, U(3) = {}.
    #expect(
      scores(model, [[0], [0, 0], [0, 2], [3], []]) == [
        [0, 1, half, 0], [0, 1, half, 0], [half, 1 + half, half, 0], [0, 0, 0, 0], [0, 0, 0, 0],
      ])
  }

  @Test func kNNKeepsTheNearestAndIsTheSameOnAnyThreads() {
    let histories = (0..<40).map { user in (0..<7).map { (user * $0 * $0 + 3 * $0 + user) % 90 } }
    let log = InteractionLog(histories: histories, items: 90)
    let one = ItemKNN(log, neighbors: 3, workers: Workers(threads: 1))
    let two = ItemKNN(log, neighbors: 3, workers: Workers(threads: 2))
    let rows = scores(one, [[0], [5, 7]])
    #expect(rows == scores(two, [[0], [5, 7]]))
    #expect(rows[0].filter { $0 > 0 }.count <= 3)
  }
}
