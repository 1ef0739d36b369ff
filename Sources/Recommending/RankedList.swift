import Foundation
import Kernels

/// What one user got: the best items in order and, where it was asked for, what turns scores into probabilities.
package struct RankedList: Sendable, Equatable {
  /// Best first; of equal scores the lower item first.
  package var items: [RankedItem]
  /// log Σ e^score over the user's candidates.
  package var logSum: Double?

  package init(items: [RankedItem], logSum: Double? = nil) {
    self.items = items
    self.logSum = logSum
  }

  /// The best `k` of several pieces of one table.
  init(_ pieces: [(items: [RankedItem], logSum: Double?)], _ k: Int) {
    if pieces.count == 1 {
      (items, logSum) = pieces[0]
      return
    }
    items = Array(pieces.flatMap(\.items).sorted(by: RankedItem.precedes).prefix(k))
    let sums = pieces.compactMap(\.logSum)
    let top = sums.max() ?? -.infinity
    logSum = sums.isEmpty ? nil : top == -.infinity ? top : top + log(sums.reduce(0) { $0 + exp($1 - top) })
  }

  /// The softmax of each item's score over all of the user's candidates; empty where `logSum` was not asked for.
  package var probabilities: [Double] {
    guard let logSum else { return [] }
    return items.map { exp(Double($0.score) - logSum) }
  }

  /// The same list with each row's number replaced by its item.
  func renamed(_ items: [Int32]?) -> RankedList {
    guard let items else { return self }
    return RankedList(
      items: self.items.map { RankedItem(item: items[Int($0.item)], score: $0.score) }, logSum: logSum)
  }
}
