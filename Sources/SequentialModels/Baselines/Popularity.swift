import Foundation
import Interactions
import Kernels

/// Every user gets the items with most events; a recent event may count more than an old one.
///
///     score(i) = Σ 2^(−age / halfLife) over the training events of i
///
/// Age is measured from the newest training event; without a half-life every event counts 1.
package struct Popularity: SequentialRecommender {
  package let name: String
  package let itemCount: Int
  /// `[1, items]`
  private let scores: Matrix

  /// Counts events.
  package init(_ training: InteractionLog) {
    self.init(name: "popularity", training) { _ in 1 }
  }

  /// Counts events, each half as much for every `halfLife` seconds of its age.
  ///
  /// - Returns: nil where the log has no times.
  package init?(_ training: InteractionLog, halfLife: Double) {
    precondition(halfLife > 0, "a half-life of \(halfLife) s")
    guard let times = training.times else { return nil }
    let newest = times.max() ?? 0
    self.init(name: "recent popularity", training) { exp2(-Double(newest - times[$0]) / 1e6 / halfLife) }
  }

  private init(name: String, _ training: InteractionLog, weight: (Int) -> Double) {
    var sums = [Double](repeating: 0, count: training.itemCount)
    for (position, item) in training.events.enumerated() { sums[item.index] += weight(position) }
    self.name = name
    itemCount = training.itemCount
    scores = Matrix(rows: 1, columns: itemCount, sums.map { Float($0) })
  }

  package func score(_ histories: [ArraySlice<ItemID>], into scores: Matrix) {
    for row in histories.indices { scores.rows(row..<row + 1).assign(self.scores) }
  }
}
