import DurableFiles
import Foundation

/// The sizes and the character of a synthetic log.
package struct SyntheticOptions: Codable, Equatable, Sendable {
  /// What a person's next item depends on.
  package enum Process: String, Codable, CaseIterable, Sendable {
    /// The last item and the person's hidden type, which the whole history tells.
    case mixture
    /// The hidden type alone: which items were seen matters, its order does not.
    case orderFree = "order-free"
    /// The last item alone.
    case lastItem = "last-item"
  }

  package var process: Process
  package var users: Int
  package var items: Int
  package var clusters: Int
  package var seed: UInt64
  /// The mean length of a history; see `length(at:)`.
  package var meanLength: Int
  /// The exponent of popularity within a cluster; 0 makes its items equal.
  package var skew: Double

  package init(
    process: Process = .mixture, users: Int = 4_000, items: Int = 400, clusters: Int = 20, seed: UInt64 = 1,
    meanLength: Int = 20, skew: Double = 1.2
  ) {
    self.process = process
    self.users = users
    self.items = items
    self.clusters = clusters
    self.seed = seed
    self.meanLength = meanLength
    self.skew = skew
  }

  /// The length of the shortest history.
  package static let shortest = 5

  /// The length that a share `place` of all histories does not reach: geometric from the shortest on, as in real logs
  /// most are short and few are long; never more than half of the items.
  func length(at place: Double) -> Int {
    let beyond = Double(meanLength - Self.shortest)
    let geometric = log1p(-place) / log1p(-1 / (beyond + 1))
    return min(Self.shortest + Int(geometric), items / 2)
  }

  /// Why no log can be written with these sizes, or nil where one can.
  package var fault: String? {
    for (option, value, least, most) in [
      ("--users", users, 1, Self.most), ("--items", items, 2, Self.most), ("--clusters", clusters, 2, 10_000),
      ("--length", meanLength, Self.shortest + 1, 100_000),
    ] where !(least...most).contains(value) {
      return "\(option) \(value): expected a number from \(least) to \(most)"
    }
    if items < clusters { return "\(Counted(items, "item")): there must be one for each of \(clusters) clusters" }
    if meanLength > items / 2 {
      return
        "histories of \(Counted(meanLength, "item")) in the mean: no item comes twice in one, so \(Counted(items, "item")) \(Counted.verb(items, "allows", "allow")) \(items / 2)"
    }
    return (0...5).contains(skew) ? nil : "a skew of \(skew): expected a number from 0 to 5"
  }

  /// Of users and of items.
  private static let most = 10_000_000

  /// The bytes that a log of these sizes takes at least while it is written.
  package var bytes: Int {
    let event = MemoryLayout<Int32>.size + MemoryLayout<Int64>.size + "user,item,2024-01-01T00:00:00Z\n".utf8.count
    return users * meanLength * event + (users + items) * 64
  }

  /// The number of hidden types.
  package var types: Int { process == .lastItem ? 1 : 4 }
  /// The probability that the next cluster is the type's successor of the last one.
  package var follow: Double {
    switch process {
    case .mixture: 0.75
    case .orderFree: 0
    case .lastItem: 0.95
    }
  }
  /// How much more a favourite cluster is preferred than another.
  package var contrast: Double { process == .lastItem ? 1 : 20 }
}
