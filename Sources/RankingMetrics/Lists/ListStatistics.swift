import Foundation

/// What a model recommends, apart from whether it is right: how much of the catalogue, how evenly, how popular.
package struct ListStatistics: Codable, Equatable, Sendable {
  /// Only the first `k` places of each list count.
  package let k: Int
  /// The share of the catalogue that stands in at least one list.
  package let coverage: Double
  /// The same share of the items without a training event; nil where every item has one.
  package let coldCoverage: Double?
  /// The Gini coefficient of how often each item of the catalogue is recommended: 0 even, towards 1 few items only.
  ///
  ///     G = Σ (2i − n − 1) xᵢ / (n Σ xᵢ)        xᵢ ascending, i = 1 … n
  package let gini: Double
  /// The mean number of training events of a recommended item.
  package let meanPopularity: Double
  /// The mean self-information −log2(share of training users with the item), in bits; an item without users
  /// counts as one user's.
  package let novelty: Double
  /// The share of all recommended places that the k most recommended items take: 1 where all lists are the same.
  package let concentration: Double

  /// - Parameters:
  ///   - lists: one per user, best first, item indices below `popularity.count`.
  ///   - popularity: `[items]` training events of each item.
  ///   - usersOfItem: `[items]` training users with each item, of `users` in all.
  package init(of lists: [[Int32]], at k: Int, popularity: [Int], usersOfItem: [Int], users: Int) {
    precondition(
      popularity.count == usersOfItem.count, "\(popularity.count) popularities, \(usersOfItem.count) counts of users")
    self.k = k
    var exposure = [Int](repeating: 0, count: popularity.count)
    for list in lists {
      for item in list.prefix(k) { exposure[Int(item)] += 1 }
    }
    let ascending = exposure.sorted()
    let total = Double(exposure.reduce(0, +))
    let n = Double(exposure.count)
    coverage = n == 0 ? 0 : Double(exposure.count { $0 > 0 }) / n
    let cold = popularity.indices.filter { popularity[$0] == 0 }
    coldCoverage = cold.isEmpty ? nil : Double(cold.count { exposure[$0] > 0 }) / Double(cold.count)
    if total == 0 {
      (gini, meanPopularity, novelty, concentration) = (0, 0, 0, 0)
      return
    }
    var spread = 0.0
    for (place, count) in zip(1..., ascending) { spread += (2 * Double(place) - n - 1) * Double(count) }
    gini = spread / (n * total)
    var events = 0.0
    var bits = 0.0
    for (item, count) in exposure.enumerated() where count > 0 {
      events += Double(count) * Double(popularity[item])
      bits -= Double(count) * log2(Double(max(usersOfItem[item], 1)) / Double(max(users, 1)))
    }
    meanPopularity = events / total
    novelty = bits / total
    concentration = Double(ascending.suffix(k).reduce(0, +)) / total
  }
}
