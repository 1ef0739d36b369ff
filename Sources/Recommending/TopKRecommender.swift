import Interactions
import Kernels
import SequentialModels

/// From requests to ranked lists: the model where it knows an item of the history, popular items where it does not.
///
/// The one path for batch runs, the library and servers. A list depends neither on the other requests of a call nor on the
/// number of threads. Where the model's items are spread over processes, all of them make the same calls and get the same lists.
package struct TopKRecommender: Sendable {
  package let model: BERT4Rec
  /// The names of the model's items.
  package let items: Catalog
  package var rules: ListRules
  package let candidates: Candidates
  /// nil where cold items are listed by their scores alone.
  package var coldShare: ColdShare?
  /// What the model has encoded before, for servers; nil where every history is encoded. Lists are the same.
  package var cache: HistoryCache?
  /// `[items]` events per item, for users without a known item; nil where there is no log to count in.
  let popularity: [Int]?
  private let popular: SortedPopularItems?

  /// - Parameters:
  ///   - popularity: `[items]` events per item, for users without a known item.
  ///   - allowed: `[items]` whether an item may be recommended; nil for all.
  package init(
    _ model: BERT4Rec, items: Catalog, popularity: [Int]? = nil, allowed: [Bool]? = nil, rules: ListRules = ListRules()
  ) {
    precondition(items.count == model.itemCount, "\(items.count) names for \(model.itemCount) items")
    self.init(
      model, items: items, candidates: Candidates(model, allowed: allowed), popularity: popularity,
      popular: popularity.map { SortedPopularItems($0, allowed: allowed) }, rules: rules)
  }

  private init(
    _ model: BERT4Rec, items: Catalog, candidates: Candidates, popularity: [Int]?, popular: SortedPopularItems?,
    rules: ListRules
  ) {
    (self.model, self.items, self.candidates, self.rules) = (model, items, candidates, rules)
    (self.popularity, self.popular) = (popularity, popular)
  }

  /// The same model with other candidates and rules; weights are shared.
  package func with(allowed: [Bool]?, rules: ListRules) -> TopKRecommender {
    var other = TopKRecommender(model, items: items, popularity: popularity, allowed: allowed, rules: rules)
    other.cache = cache
    return other
  }

  /// The same candidates and rules with the events per item of another moment, `[items]`.
  package func with(popularity: [Int]?) -> TopKRecommender {
    precondition(candidates.count == items.count, "\(candidates.count) candidates of \(items.count) items")
    var other = TopKRecommender(
      model, items: items, candidates: candidates, popularity: popularity,
      popular: popularity.map { SortedPopularItems($0) }, rules: rules)
    other.cache = cache
    return other
  }

  /// One list per request, in order.
  package func recommend(_ requests: [RecommendationRequest]) -> [RankedList] {
    Self.recommend([(recommender: self, requests: requests)])[0]
  }

  /// The lists of several calls, each under rules of its own; one pass encodes the histories of all.
  ///
  /// - Parameter calls: recommenders of one model, with the cache of the first.
  package static func recommend(
    _ calls: [(recommender: TopKRecommender, requests: [RecommendationRequest])]
  ) -> [[RankedList]] {
    guard let first = calls.first?.recommender else { return [] }
    let model = first.model
    let histories = calls.map { call in
      call.requests.map(\.history).filter { call.recommender.popular == nil || !$0.isEmpty }
    }
    let vectors = model.vectors(of: histories.flatMap { $0 }, cache: first.cache)
    var start = 0
    return zip(calls, histories).map { call, histories in
      defer { start += histories.count }
      return call.recommender.lists(for: call.requests, vectors: vectors.rows(start..<start + histories.count))
    }
  }

  /// The lists of requests, of which those that the model answers have their vectors in `vectors`, in order.
  private func lists(for requests: [RecommendationRequest], vectors: Matrix) -> [RankedList] {
    let excluded = requests.map(excluded(in:))
    let byModel = requests.indices.filter { popular == nil || !requests[$0].history.isEmpty }
    var ranked = candidates.rank(
      rules.top, for: vectors, excluded: byModel.map { excluded[$0] }, logSums: rules.probabilities,
      limit: rules.groupLimit, workers: model.workers)[...]
    if let coldShare {
      ranked =
        coldShare.filled(
          Array(ranked), top: rules.top, vectors: vectors, excluded: byModel.map { excluded[$0] },
          limit: rules.groupLimit, workers: model.workers)[...]
    }
    return requests.indices.map { index in
      guard popular == nil || !requests[index].history.isEmpty, var list = ranked.popFirst() else {
        return popular!.items.list(
          rules.top, excluded: excluded[index], limit: rules.groupLimit, probabilities: rules.probabilities)
      }
      list.source = requests[index].history.isEmpty ? .prior : .model
      return list
    }
  }

  /// The rows of the table that the request's list must not contain.
  func excluded(in request: RecommendationRequest) -> [Int32] {
    request.excluded.map(\.rawValue) + (rules.excludesSeen ? request.history.map(\.rawValue) : [])
  }
}
