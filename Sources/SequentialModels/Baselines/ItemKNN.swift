import Foundation
import Interactions
import Kernels

/// Items that the same people touched as the history's, by cosine.
///
///     cosine(i, j) = |U(i) ∩ U(j)| / √(|U(i)| · |U(j)|)        U(i) the people who touched i
///     score(j)     = Σ cosine(i, j) over distinct i of the history that keep j among their neighbours
///
/// - Source: Sarwar et al. 2001; Deshpande & Karypis 2004.
package struct ItemKNN: SequentialRecommender {
  package let name = "item-kNN"
  package let itemCount: Int
  /// The neighbours of each item, nearest first.
  private let neighbours: [[Neighbour]]

  private struct Neighbour: Sendable {
    let item: Int32
    let cosine: Float
  }

  /// - Complexity: O(Σ length²) over the histories; memory for `neighbourCount` neighbours per item.
  package init(
    _ training: InteractionLog, neighbours neighbourCount: Int = 100,
    workers: Workers = Workers(threads: ProcessInfo.processInfo.activeProcessorCount)
  ) {
    precondition(neighbourCount >= 1, "\(neighbourCount) neighbours")
    let items = training.itemCount
    itemCount = items
    let histories = (0..<training.userCount).map { Set(training.history(of: UserID($0)).lazy.map(\.rawValue)).sorted() }
    var people = [[Int32]](repeating: [], count: items)
    for (user, history) in histories.enumerated() {
      for item in history { people[Int(item)].append(Int32(user)) }
    }
    let audiences = people
    let block = 64
    neighbours =
      workers.map((items + block - 1) / block) { index in
        var together = [Int32](repeating: 0, count: items)
        return (index * block..<min((index + 1) * block, items)).map { item in
          for user in audiences[item] { for other in histories[Int(user)] { together[Int(other)] += 1 } }
          together[item] = 0
          var found: [Neighbour] = []
          for other in 0..<items where together[other] > 0 {
            let norm = (Double(audiences[item].count) * Double(audiences[other].count)).squareRoot()
            found.append(Neighbour(item: Int32(other), cosine: Float(Double(together[other]) / norm)))
            together[other] = 0
          }
          found.sort { ($0.cosine, $1.item) > ($1.cosine, $0.item) }
          return Array(found.prefix(neighbourCount))
        }
      }.flatMap(\.self)
  }

  package func score(_ histories: [ArraySlice<ItemID>], into scores: Matrix) {
    scores.fill(0)
    for (row, history) in histories.enumerated() {
      scores.rows(row..<row + 1).withMutableSpan { row in
        for item in Set(history).sorted() {
          for neighbour in neighbours[item.index] { row[Int(neighbour.item)] += neighbour.cosine }
        }
      }
    }
  }
}
