import Foundation
import Interactions
import Kernels
import Recommending
import ModelFiles
import SequentialModels

/// A trained model that answers what comes next; safe to use from many tasks at once.
///
/// Lists are exact: the beginning of a full sort of all candidates by score. `cloze recommend` gives the same ones.
public struct Recommender: Sendable {
  let directory: URL
  let loaded: ModelDirectory.Loaded
  let base: TopKRecommender

  /// Loads the model in `directory`: one that `train` wrote, or a Hugging Face BERT with a vocabulary.
  ///
  /// - Parameters:
  ///   - log: where popular items are counted, for users of whom no item is known; without it they get the model's
  ///     answer to an empty history.
  ///   - threads: threads for many histories; as many as there are processors if not given. Results do not depend on it.
  /// - Throws: `ClozeError.model`.
  public init(directory: URL, popularityFrom log: Log? = nil, threads: Int? = nil) throws(ClozeError) {
    let workers = Workers(threads: max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount))
    self.directory = directory
    do {
      loaded = try ModelDirectory.load(directory, workers: workers)
    } catch {
      throw .model("\(error)")
    }
    let items = loaded.items
    base = TopKRecommender(
      loaded.model, items: items, popularity: log?.log.renumbered(to: items).log.eventCountsByItem)
  }

  /// Loads the model in `directory` on a thread of its own.
  ///
  /// - Throws: `ClozeError.model`.
  public static func load(
    directory: URL, popularityFrom log: Log? = nil, threads: Int? = nil
  ) async throws -> Recommender {
    try await LongWork.run { try Recommender(directory: directory, popularityFrom: log, threads: threads) }
  }

  private init(_ other: Recommender, _ base: TopKRecommender) {
    (directory, loaded) = (other.directory, other.loaded)
    self.base = base
  }

  /// The items the model knows.
  public var items: [String] { loaded.items.names.map(\.text) }

  /// The same model with other rules for its lists; weights are shared, so this is cheap beside loading.
  ///
  /// - Throws: `ClozeError.unknownItem` with an item of `rules` that the model does not know, unless they allow it;
  ///   `ClozeError.request` where no candidate is left.
  public func with(_ rules: CandidateRules) throws(ClozeError) -> Recommender {
    do {
      let (allowed, limit, findings) = try rules.resolved(in: loaded.items)
      if !rules.allowsUnknownItems, let unknown = findings.first(where: { $0.known != nil })?.ids.first?.text {
        throw ClozeError.unknownItem(unknown)
      }
      return Recommender(self, base.with(allowed: allowed, rules: ListRules(groupLimit: limit)))
    } catch let error as ClozeError {
      throw error
    } catch {
      throw .request("\(error)")
    }
  }

  /// The best next items after `history`, oldest item first.
  ///
  /// - Parameters:
  ///   - excluding: items not to recommend; unknown ones are ignored.
  ///   - probabilities: whether each item comes with its probability among the candidates.
  public func recommend(
    history: some Sequence<String>, top: Int = 10,
    excluding: some Sequence<String> = EmptyCollection<String>(), probabilities: Bool = false
  ) -> Recommendations {
    var mapper = ItemMapper(loaded.items)
    let excluded = mapper.map(excluding.map { Identifier($0) })
    return recommend([history], excluded: excluded, recommender(top, probabilities: probabilities))[0]
  }

  /// The best next items after each of many histories, in order; ends early with `CancellationError` when its task is
  /// cancelled. The work is done on threads of its own.
  ///
  /// - Parameter excludingSeen: whether items of a history are left out of its own list.
  public func recommend(
    histories: some Collection<[String]> & Sendable, top: Int = 10, excludingSeen: Bool = false,
    probabilities: Bool = false
  ) async throws -> [Recommendations] {
    let recommender = recommender(top, excludingSeen: excludingSeen, probabilities: probabilities)
    return try await LongWork.stoppable { stop in
      var results: [Recommendations] = []
      results.reserveCapacity(histories.count)
      var rest = histories[...]
      while !rest.isEmpty {
        try stop.check()
        results += recommend(rest.prefix(Self.batch), recommender)
        rest = rest.dropFirst(Self.batch)
      }
      return results
    }
  }

  /// The items nearest to `item` in the model's table, nearest first, without itself.
  ///
  /// - Throws: `ClozeError.unknownItem`.
  /// - Complexity: O(items) for the measure, and one pass over the table.
  public func similarItems(
    to item: String, top: Int = 10, by measure: Similarity = .cosine
  ) throws(ClozeError) -> [Recommendations.Entry] {
    guard let index = loaded.items.index(of: item) else { throw .unknownItem(item) }
    let similarity = ItemSimilarity(loaded.model, measure == .cosine ? .cosine : .product)
    let lists = similarity.nearest(max(0, top), to: [ItemID(index)], workers: loaded.model.workers)
    return Recommendations(lists[0], loaded.items, unknownItems: []).entries
  }

  /// How the similarity of two items is measured.
  public enum Similarity: Sendable {
    /// The cosine of the angle between their vectors.
    case cosine
    /// The inner product of their vectors.
    case product
  }

  /// Histories answered between two looks at whether the task was cancelled.
  private static let batch = 256

  /// The recommender under the rules of one call.
  func recommender(_ top: Int, excludingSeen: Bool = false, probabilities: Bool = false) -> TopKRecommender {
    var recommender = base
    recommender.rules.top = max(0, top)
    recommender.rules.excludesSeen = excludingSeen
    recommender.rules.probabilities = probabilities
    return recommender
  }

  private func recommend(
    _ histories: some Sequence<some Sequence<String>>, excluded: [ItemID] = [], _ recommender: TopKRecommender
  ) -> [Recommendations] {
    var unknown: [[String]] = []
    let requests = histories.map { names in
      var mapper = ItemMapper(loaded.items)
      let history = mapper.map(names.map { Identifier($0) })
      unknown.append(mapper.unknown.names.map(\.text))
      return RecommendationRequest(history: history[...], excluded: excluded)
    }
    return zip(recommender.recommend(requests), unknown).map {
      Recommendations($0, loaded.items, unknownItems: $1)
    }
  }
}
