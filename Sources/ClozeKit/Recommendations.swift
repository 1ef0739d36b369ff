/// What to recommend after one history.
public struct Recommendations: Sendable, Equatable {
  /// An item and its score; higher is better.
  public struct Entry: Sendable, Hashable {
    public let item: String
    public let score: Float
  }

  /// Where a list comes from.
  public enum Source: String, Sendable {
    /// The model, from the history.
    case model
    /// The most touched items of the log; the score is the number of interactions.
    case popular
    /// The model, from an empty history.
    case prior
  }

  /// Best first; of equal scores the item that came first in the log.
  public let entries: [Entry]
  public let source: Source
  /// Items of the history that the model does not know; they were skipped.
  public let unknownItems: [String]

  /// The items alone, best first.
  public var items: [String] { entries.map(\.item) }
}
