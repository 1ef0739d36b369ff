import Foundation
import Interactions
import Kernels

/// Items that the same users interacted with as the history's, by cosine.
///
///     cosine(i, j) = |U(i) ∩ U(j)| / √(|U(i)| · |U(j)|)        U(i) the users of i
///     score(j)     = Σ cosine(i, j) over distinct i of the history that keep j among their neighbors
///
/// - Source: Sarwar et al. 2001; Deshpande & Karypis 2004.
package struct ItemKNN: SequentialRecommender {
  package let name = "item-kNN"
  package let itemCount: Int
  /// The neighbors of each item, nearest first.
  private let neighbors: [[Neighbor]]

  private struct Neighbor: Sendable {
    let item: Int32
    let cosine: Float
  }

  /// - Complexity: O(Σ length²) over the histories; memory for `neighborCount` neighbors per item.
  package init(
    _ training: InteractionLog, neighbors neighborCount: Int = 100,
    workers: Workers = Workers(threads: ProcessInfo.processInfo.activeProcessorCount)
  ) {
    precondition(neighborCount >= 1, "\(neighborCount) neighbors")
    let items = training.itemCount
    itemCount = items
    let histories = (0..<training.userCount).map { Set(training.history(of: UserID($0)).lazy.map(\.rawValue)).sorted() }
    var usersOf = [[Int32]](repeating: [], count: items)
    for (user, history) in histories.enumerated() {
      for item in history { usersOf[Int(item)].append(Int32(user)) }
    }
    let users = usersOf
    let block = 64
    neighbors =
      workers.map((items + block - 1) / block) { index in
        var together = [Int32](repeating: 0, count: items)
        return (index * block..<min((index + 1) * block, items)).map { item in
          for user in users[item] { for other in histories[Int(user)] { together[Int(other)] += 1 } }
          together[item] = 0
          var found: [Neighbor] = []
          for other in 0..<items where together[other] > 0 {
            let norm = (Double(users[item].count) * Double(users[other].count)).squareRoot()
            found.append(Neighbor(item: Int32(other), cosine: Float(Double(together[other]) / norm)))
            together[other] = 0
          }
          found.sort { ($0.cosine, $1.item) > ($1.cosine, $0.item) }
          return Array(found.prefix(neighborCount))
        }
      }.flatMap(\.self)
  }

  package func score(_ histories: [ArraySlice<ItemID>], into scores: Matrix) {
    scores.fill(0)
    for (row, history) in histories.enumerated() {
      scores.rows(row..<row + 1).withMutableSpan { row in
        for item in Set(history).sorted() {
          for neighbor in neighbors[item.index] { row[Int(neighbor.item)] += neighbor.cosine }
        }
      }
    }
  }
}
