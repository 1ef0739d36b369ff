import Interactions
import Kernels

/// Anything that gives every item a score for what comes after a history: the encoder, its rivals and the baselines.
package protocol SequentialRecommender: Sendable {
  /// What tables and messages call it, such as `BERT4Rec` or `popularity`.
  var name: String { get }
  /// The number of items of the catalog it was made for.
  var itemCount: Int { get }
  /// Scores every item as the next of each history; higher is better.
  ///
  /// - Shapes: `scores` `[histories, itemCount]`, column `i` for `ItemID(i)`.
  /// - Writes: overwrites `scores`. A history may be empty.
  func score(_ histories: [ArraySlice<ItemID>], into scores: Matrix)
}
