import Foundation

/// A process that writes interaction logs and whose best possible prediction is known exactly.
///
/// Items stand in clusters. Every person has a hidden type, drawn evenly. A type has a favourite set of clusters and its
/// own successor of each cluster, a permutation in one cycle. The next cluster after cluster `c` is
///
///     P(c′ | c, type) ∝ follow · [c′ = successor(type, c)] + (1 − follow) · preference(type, c′)
///
/// over the clusters that still hold an item the person has not seen, and the item is one of those with probability
/// in proportion to its weight, 1 / (1 + place in cluster)^skew. Nobody touches an item twice, so what is best is the
/// same whether seen items are removed from the candidates or kept. A history starts with a draw from the preference.
///
/// All tables follow from the options alone, so a log's truth is kept by keeping its options.
package struct SyntheticProcess: Sendable {
  package let options: SyntheticOptions
  /// `[types][clusters]`, each type's summing to 1.
  let preference: [[Double]]
  /// `[types][clusters]`
  let successor: [[Int]]
  /// The cluster of each item.
  let cluster: [Int]
  /// The weight of each item within its cluster.
  let weight: [Double]
  /// The items of each cluster, heaviest first.
  let members: [[Int]]

  package init(_ options: SyntheticOptions) {
    precondition(options.fault == nil, options.fault ?? "")
    self.options = options
    var random = SplitMix64(seed: options.seed)
    let order = Self.shuffled(options.items, by: &random)
    var cluster = [Int](repeating: 0, count: options.items)
    var weight = [Double](repeating: 0, count: options.items)
    var members = [[Int]](repeating: [], count: options.clusters)
    for (place, item) in order.enumerated() {
      cluster[item] = place % options.clusters
      weight[item] = pow(Double(1 + place / options.clusters), -options.skew)
      members[cluster[item]].append(item)
    }
    self.cluster = cluster
    self.weight = weight
    self.members = members
    var preference: [[Double]] = []
    var successor: [[Int]] = []
    for _ in 0..<options.types {
      let favourites = Set(Self.shuffled(options.clusters, by: &random).prefix(max(1, options.clusters / 4)))
      let raw = (0..<options.clusters).map {
        (0.5 + random.uniform()) * (favourites.contains($0) ? options.contrast : 1)
      }
      let total = raw.reduce(0, +)
      preference.append(raw.map { $0 / total })
      let cycle = Self.shuffled(options.clusters, by: &random)
      var next = [Int](repeating: 0, count: options.clusters)
      for (place, from) in cycle.enumerated() { next[from] = cycle[(place + 1) % cycle.count] }
      successor.append(next)
    }
    self.preference = preference
    self.successor = successor
  }

  /// What item `index` is called in the log.
  package static func name(ofItem index: Int) -> String { "item\(index)" }

  /// The item called `name`, or nil where the process has none.
  package func item(named name: String) -> Int? {
    guard name.hasPrefix("item"), let index = Int(name.dropFirst(4)), (0..<options.items).contains(index) else {
      return nil
    }
    return index
  }

  /// `0 ..< count` in random order (Fisher & Yates).
  private static func shuffled(_ count: Int, by random: inout SplitMix64) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, random.below(last + 1)) }
    return order
  }
}
