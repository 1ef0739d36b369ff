import Foundation
import Interactions
import Kernels
import Recommending
import ModelFiles
import SequentialModels

/// A trained model that answers what comes next; safe to use from many tasks at once.
///
/// Lists are exact: the beginning of a full sort of all candidates by score.
public struct Recommender: Sendable {
  private let loaded: ModelDirectory.Loaded
  private let popularity: [Int]?
  private let scorer: Scorer

  /// Loads the model in `directory`: one that `train` wrote, or a Hugging Face BERT with a vocabulary.
  ///
  /// - Parameters:
  ///   - log: where popular items are counted, for people of whom no item is known; without it they get the model's
  ///     answer to an empty history.
  ///   - threads: threads for many histories; as many as there are processors if not given. Results do not depend on it.
  public init(directory: URL, popularityFrom log: Log? = nil, threads: Int? = nil) throws(ClozeError) {
    let workers = Workers(threads: max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount))
    do {
      loaded = try ModelDirectory.load(directory, workers: workers)
    } catch {
      throw .model("\(error)")
    }
    popularity = log?.log.renumbered(to: loaded.items).log.eventCountsByItem
    scorer = Scorer(loaded.model, top: 10, popularity: popularity)
  }

  /// The items the model knows.
  public var items: [String] { loaded.items.names.map(\.text) }

  /// The best next items after `history`, oldest item first.
  ///
  /// - Parameter excluding: items not to recommend; unknown ones are ignored.
  public func recommend(
    history: some Sequence<String>, top: Int = 10, excluding: some Sequence<String> = EmptyCollection<String>()
  ) -> Recommendations {
    let asked = question(history, excluding: excluding)
    return answers(to: [asked], top: top)[0]
  }

  /// The best next items after each of many histories, in order; ends early with `CancellationError` when its task is
  /// cancelled.
  ///
  /// - Parameter excludingSeen: whether items of a history are left out of its own list.
  public func recommend(
    histories: some Collection<[String]> & Sendable, top: Int = 10, excludingSeen: Bool = false
  ) async throws -> [Recommendations] {
    var results: [Recommendations] = []
    results.reserveCapacity(histories.count)
    var rest = histories[...]
    while !rest.isEmpty {
      try Task.checkCancellation()
      let batch = rest.prefix(Self.batch)
      results += answers(to: batch.map { question($0, excluding: excludingSeen ? $0 : []) }, top: top)
      rest = rest.dropFirst(Self.batch)
      await Task.yield()
    }
    return results
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
    return entries(lists[0])
  }

  /// How the likeness of two items is measured.
  public enum Similarity: Sendable {
    /// The cosine of the angle between their vectors.
    case cosine
    /// The inner product of their vectors.
    case product
  }

  /// Histories answered between two looks at whether the task was cancelled.
  private static let batch = 256

  private typealias Asked = (question: Scorer.Question, unknown: [String])

  private func question(_ history: some Sequence<String>, excluding: some Sequence<String>) -> Asked {
    var known: [ItemID] = []
    var unknown: [String] = []
    for name in history {
      if let index = loaded.items.index(of: name) { known.append(ItemID(index)) } else { unknown.append(name) }
    }
    let excluded = excluding.compactMap { loaded.items.index(of: $0).map { Int32($0) } }
    return (Scorer.Question(history: known[...], excluded: excluded), unknown)
  }

  private func answers(to asked: [Asked], top: Int) -> [Recommendations] {
    var scorer = scorer
    scorer.top = max(0, top)
    return zip(asked, scorer.answers(to: asked.map(\.question))).map { asked, answer in
      Recommendations(
        entries: entries(answer.list), source: Recommendations.Source(rawValue: answer.source.rawValue)!,
        unknownItems: asked.unknown)
    }
  }

  private func entries(_ list: RankedList) -> [Recommendations.Entry] {
    list.items.map { Recommendations.Entry(item: loaded.items[Int($0.item)].text, score: $0.score) }
  }
}
