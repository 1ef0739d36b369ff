import Interactions
import Kernels

/// The best that any model can do on a log of a known process: every item by its true probability given the history.
package struct BayesOptimal: SequentialRecommender {
  package let name = "known best"
  package var itemCount: Int { items.count }
  private let process: SyntheticProcess
  /// The process's number of each item of the catalog.
  private let items: [Int]

  /// - Returns: nil where an item of `catalog` is none of the process, which therefore did not write the log.
  package init?(_ process: SyntheticProcess, catalog: Catalog) {
    var items: [Int] = []
    for name in catalog.names.map(\.text) {
      guard let item = process.item(named: name) else { return nil }
      items.append(item)
    }
    self.process = process
    self.items = items
  }

  package func score(_ histories: [ArraySlice<ItemID>], into scores: Matrix) {
    for (row, history) in histories.enumerated() {
      let probabilities = belief(after: history).itemProbabilities
      scores.rows(row..<row + 1).assign(items.map { Float(probabilities[$0]) })
    }
  }

  /// What is known of a user after `history`.
  package func belief(after history: ArraySlice<ItemID>) -> SyntheticBelief {
    var belief = SyntheticBelief(process)
    for item in history { belief.observe(items[item.index]) }
    return belief
  }
}
