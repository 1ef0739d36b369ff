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
  /// Where the items are spread over processes, which then score together; nil where `score` does it alone.
  var spread: SpreadRecommender? { get }
}

extension SequentialRecommender {
  package var spread: SpreadRecommender? { nil }
}

/// A recommender made for one catalog that scores the items of another.
///
/// Items of a history that the recommender does not know are skipped; items of the log that it does not know score
/// −∞, so they stand last.
package struct CatalogMappedRecommender: SequentialRecommender {
  private let base: any SequentialRecommender
  /// The recommender's item for each item of the log, or nil.
  private let known: [ItemID?]

  /// `base`, whose items are those of `own`, for a log whose items are those of `catalog`.
  package init(_ base: any SequentialRecommender, knowing own: Catalog, for catalog: Catalog) {
    precondition(base.itemCount == own.count, "\(base.itemCount) items scored, \(own.count) named")
    self.base = base
    known = catalog.names.map { own.index(of: $0).map { ItemID($0) } }
  }

  package var name: String { base.name }
  package var itemCount: Int { known.count }
  /// Items of the log that the recommender does not know.
  package var unknownItems: Int { known.count { $0 == nil } }

  package var spread: SpreadRecommender? { base.spread?.mapped(known) }

  package func score(_ histories: [ArraySlice<ItemID>], into scores: Matrix) {
    precondition(
      scores.rows == histories.count && scores.columns == itemCount,
      "scores \(scores.rows)×\(scores.columns) for \(histories.count) histories and \(itemCount) items")
    let own = Matrix(rows: histories.count, columns: base.itemCount)
    base.score(histories.map { $0.compactMap { known[$0.index] }[...] }, into: own)
    for row in histories.indices {
      own.rows(row..<row + 1).withSpan { own in
        scores.rows(row..<row + 1).withMutableSpan { scores in
          for index in scores.indices { scores[index] = known[index].map { own[$0.index] } ?? -.infinity }
        }
      }
    }
  }
}
