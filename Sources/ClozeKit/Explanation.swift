import Interactions
import Recommending

/// Why an item is recommended: what each item of the history does to its score and rank.
public struct Explanation: Sendable, Equatable {
  /// What one item of the history does.
  public struct Part: Sendable, Equatable {
    public let item: String
    /// In the history, from 1.
    public let position: Int
    /// The score with the item minus the score without it.
    public let scoreChange: Float
    public let rankWithout: Int
  }

  /// The item whose place is explained.
  public let item: String
  public let score: Float
  /// From 1.
  public let rank: Int
  /// The items of the history that the model reads, oldest first.
  public let history: [Part]
}

extension Recommender {
  /// Leaves out each item of `history` in turn and ranks again, exactly; on threads of its own.
  ///
  /// - Parameters:
  ///   - item: what is explained; the first recommendation if nil.
  ///   - history: oldest item first; those that the model does not know are skipped.
  ///   - excludingSeen: whether the items of the history are no candidates.
  /// - Throws: `ClozeError.unknownItem`; `ClozeError.request` where the item is no candidate, or none is left.
  /// - Complexity: one encoding and one ranking per item that the model reads.
  public func explain(
    _ item: String? = nil, history: [String], excludingSeen: Bool = false
  ) async throws -> Explanation {
    let target = try item.map { item in
      guard let index = loaded.items.index(of: item) else { throw ClozeError.unknownItem(item) }
      return ItemID(index)
    }
    return try await LongWork.run {
      var mapper = ItemMapper(loaded.items)
      let known = mapper.map(history.map { Identifier($0) })
      let recommender = recommender(1, excludingSeen: excludingSeen)
      guard let found = recommender.explain(target, RecommendationRequest(history: known[...])) else {
        throw ClozeError.request(
          item.map { "“\($0)” is no candidate for this history; allow it, or leave excludingSeen out" }
            ?? "no candidate is left for this history; allow more items")
      }
      return Explanation(
        item: found.item, score: found.score, rank: found.rank,
        history: found.history.map {
          Explanation.Part(
            item: $0.item, position: $0.position, scoreChange: $0.scoreChange, rankWithout: $0.rankWithout)
        })
    }
  }
}
