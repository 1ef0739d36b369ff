import Interactions
import Kernels

/// A recommender made for one catalog, asked about the items of another.
///
/// Items of a history that the recommender does not know are skipped; items of the log that it does not know score
/// −∞, so they stand last.
package struct TranslatedRecommender: SequentialRecommender {
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
