import Interactions
import Kernels
import NeuralNetwork
import Recommending
import SequentialModels
import Testing

@Suite struct TopKRecommenderTests {
  static let items = Catalog((0..<30).map { "item \($0)" })

  static func recommender(
    threads: Int = 1, popularity: [Int]? = nil, allowed: [Bool]? = nil, rules: ListRules = ListRules()
  ) -> TopKRecommender {
    let network = BERTNetwork(
      EncoderConfiguration(vocabularySize: items.count + 5, hidden: 8, layers: 1, heads: 2, positions: 12))
    let model = BERT4Rec(
      network: network, parameters: network.initialParameters(seed: 3, deviation: 0.5),
      vocabulary: ItemVocabulary(items: items.count), workers: Workers(threads: threads))
    return TopKRecommender(model, items: items, popularity: popularity, allowed: allowed, rules: rules)
  }

  let histories = (0..<40).map { user in (0..<(user % 17)).map { ItemID(($0 * 7 + user) % 30) }[...] }

  @Test func listsAreTheBestOfTheModelsScores() {
    let recommender = Self.recommender(rules: ListRules(top: 5))
    let scores = Matrix(rows: 40, columns: 30)
    recommender.model.score(histories, into: scores)
    let lists = recommender.recommend(histories.map { RecommendationRequest(history: $0) })
    for (user, list) in lists.enumerated() {
      let best = scores.rows(user..<user + 1).values.sorted(by: >).prefix(5)
      #expect(list.source == (histories[user].isEmpty ? .prior : .model))
      #expect(list.items.count == 5 && zip(list.items, best).allSatisfy { abs($0.score - $1) < 1e-5 })
    }
  }

  @Test func listsDoNotDependOnOtherRequestsOrThreads() {
    let rules = ListRules(top: 7, excludesSeen: true, probabilities: true)
    let requests = histories.map { RecommendationRequest(history: $0, excluded: [ItemID(3)]) }
    let together = Self.recommender(threads: 2, rules: rules).recommend(requests)
    let alone = Self.recommender(rules: rules)
    for (request, list) in zip(requests, together) { #expect(alone.recommend([request]) == [list]) }
    for (request, list) in zip(requests, together) {
      #expect(Set(list.items.map(\.item)).isDisjoint(with: request.history.map(\.rawValue) + [3]))
    }
  }

  @Test func usersWithoutAKnownItemGetPopularItems() {
    let popularity = (0..<30).map { $0 % 4 == 0 ? 0 : $0 / 2 }
    let recommender = Self.recommender(
      popularity: popularity, allowed: (0..<30).map { $0 < 29 }, rules: ListRules(top: 3, probabilities: true))
    let list = recommender.recommend([RecommendationRequest(history: [], excluded: [ItemID(27)])])[0]
    #expect(list.source == .popular)
    #expect(list.items.map(\.item) == [26, 25, 22])
    #expect(list.items.map(\.score) == [13, 12, 11])
    let all = popularity.prefix(29).reduce(0, +) - 13
    #expect(list.probabilities == [13, 12, 11].map { $0 / Double(all) })
  }

  /// Leaving an item out by hand gives the score and rank that the explanation names; items the model does not read are
  /// not listed and change nothing.
  @Test func anExplanationIsWhatLeavingOutGives() throws {
    let recommender = Self.recommender(rules: ListRules(top: 30, excludesSeen: false))
    let history = (0..<40).map { ItemID($0 * 11 % 30) }
    let explanation = try #require(recommender.explain(nil, RecommendationRequest(history: history[...])))
    #expect(explanation.rank == 1)
    #expect(explanation.history.count == 13 && explanation.history.last?.position == 40)
    for part in explanation.history {
      var rest = history
      rest.remove(at: part.position - 1)
      let list = recommender.recommend([RecommendationRequest(history: rest[...])])[0].items
      let place = try #require(list.firstIndex { Self.items[Int($0.item)].text == explanation.item })
      #expect(place + 1 == part.rankWithout && explanation.score - list[place].score == part.scoreChange)
    }
    #expect(explanation.history[0].scoreChange == 0)
  }
}
