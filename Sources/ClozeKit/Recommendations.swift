import Interactions
import Recommending

/// What to recommend after one history.
public struct Recommendations: Sendable, Equatable {
  /// An item and its score; higher is better.
  public struct Entry: Sendable, Hashable {
    public let item: String
    public let score: Float
    /// Among all of the user's candidates, where the request wants it.
    public let probability: Double?
    /// What the item is called, in the answers of a service that knows; otherwise nil.
    public let title: String?
  }

  /// Where a list comes from.
  public enum Source: String, Sendable {
    /// The model, from the history.
    case model
    /// The most frequent items of the log; the score is the number of events.
    case popular
    /// The model, from an empty history.
    case prior
  }

  /// Best first; of equal scores the item that came first in the log.
  public let entries: [Entry]
  public let source: Source
  /// Items of the history that the model does not know, each once; they were skipped.
  public let unknownItems: [String]

  /// The items alone, best first.
  public var items: [String] { entries.map(\.item) }

  init(_ list: RankedList, _ catalog: Catalog, labels: ItemLabels = .none, unknownItems: [String]) {
    let probabilities = list.probabilities
    entries = list.items.enumerated().map { place, entry in
      Entry(
        item: catalog[Int(entry.item)].text, score: entry.score, probability: probabilities?[place],
        title: labels.title(of: Int(entry.item)))
    }
    source =
      switch list.source {
      case .model: .model
      case .popular: .popular
      case .prior: .prior
      }
    self.unknownItems = unknownItems
  }
}
