import Interactions
import Kernels
import SequentialModels

/// From requests to ranked lists: the model where it knows an item of the history, popular items where it does not.
///
/// The one path for batch runs, the library and servers. A list depends neither on the other requests of a call nor on the
/// number of threads.
package struct TopKRecommender: Sendable {
  package let model: BERT4Rec
  /// The names of the model's items.
  package let items: Catalog
  package var rules: ListRules
  package let candidates: Candidates
  /// `[items]` events per item, for users without a known item; nil where there is no log to count in.
  let popularity: [Int]?
  private let popular: PopularItems?

  /// - Parameters:
  ///   - popularity: `[items]` events per item, for users without a known item.
  ///   - allowed: `[items]` whether an item may be recommended; nil for all.
  package init(
    _ model: BERT4Rec, items: Catalog, popularity: [Int]? = nil, allowed: [Bool]? = nil, rules: ListRules = ListRules()
  ) {
    precondition(items.count == model.itemCount, "\(items.count) names for \(model.itemCount) items")
    self.model = model
    self.items = items
    self.popularity = popularity
    self.rules = rules
    candidates = Candidates(model, allowed: allowed)
    popular = popularity.map { PopularItems($0, allowed: allowed) }
  }

  /// The same model with other candidates and rules; weights are shared.
  package func with(allowed: [Bool]?, rules: ListRules) -> TopKRecommender {
    TopKRecommender(model, items: items, popularity: popularity, allowed: allowed, rules: rules)
  }

  /// One list per request, in order.
  package func recommend(_ requests: [RecommendationRequest]) -> [RankedList] {
    let excluded = requests.map(excluded(in:))
    let byModel = requests.indices.filter { popular == nil || !requests[$0].history.isEmpty }
    let vectors = Matrix(rows: byModel.count, columns: model.hidden)
    model.encode(byModel.map { requests[$0].history }, into: vectors)
    var ranked = candidates.rank(
      rules.top, for: vectors, excluded: byModel.map { excluded[$0] }, logSums: rules.probabilities,
      limit: rules.groupLimit, workers: model.workers)[...]
    return requests.indices.map { index in
      guard popular == nil || !requests[index].history.isEmpty, var list = ranked.popFirst() else {
        return popular!.list(
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
