import DurableFiles
import Interactions
import RankingMetrics

/// Draws the negatives of sampled metrics, which are printed beside the full ranking only: the same ones for every model.
///
/// Negatives are distinct and neither in the history nor targets. Sampled metrics do not order models as the full
/// ranking does (Krichene & Rendle 2020); they are here to be compared with papers that printed nothing else.
package struct NegativeSampler: Sendable {
  package let sampling: NegativeSampling
  /// `[items]` running sums of weights, one entry per item; the last is the total.
  private let cumulative: [Int]

  package init(_ sampling: NegativeSampling, popularity: ItemPopularity) {
    precondition(sampling.count >= 1, "\(sampling.count) negatives")
    self.sampling = sampling
    var sum = 0
    cumulative = popularity.events.map { count in
      sum += sampling.weighting == .uniform ? 1 : count
      return sum
    }
  }

  /// The ranks of `targets` among themselves and the negatives of case `number`.
  func ranks(of targets: [Int], in scores: Span<Float>, history: ArraySlice<ItemID>, number: Int) -> [Int] {
    let row = candidates(of: targets, history: history, number: number).map { scores[$0] }
    return TargetRank.ranks(of: Array(targets.indices), in: row.span)
  }

  /// The targets, then the negatives of case `number`.
  func candidates(of targets: [Int], history: ArraySlice<ItemID>, number: Int) -> [Int] {
    targets + draw(excluding: Set(targets).union(history.lazy.map(\.index)), number: number)
  }

  /// The negatives of case `number`; fewer where fewer items of positive weight are left.
  func draw(excluding excluded: Set<Int>, number: Int) -> [Int] {
    var random = SplitMix64(seed: sampling.seed, index: number)
    let total = cumulative.last ?? 0
    let drawable = cumulative.indices.count { weight(of: $0) > 0 && !excluded.contains($0) }
    var taken = excluded
    var negatives: [Int] = []
    while negatives.count < min(sampling.count, drawable) {
      let item = index(at: random.below(total))
      if taken.insert(item).inserted { negatives.append(item) }
    }
    return negatives
  }

  private func weight(of item: Int) -> Int { cumulative[item] - (item == 0 ? 0 : cumulative[item - 1]) }

  /// The item whose share of the running sums holds `place`, by bisection.
  private func index(at place: Int) -> Int { cumulative.partitioningIndex { $0 > place } }
}

/// How the negatives of sampled metrics are drawn.
package struct NegativeSampling: Codable, Equatable, Sendable {
  package enum Weighting: String, Codable, CaseIterable, Sendable {
    case uniform
    /// In proportion to training events.
    case popularity
  }

  package var count: Int
  package var weighting: Weighting
  package var seed: UInt64

  package init(count: Int = 100, weighting: Weighting, seed: UInt64 = 1) {
    self.count = count
    self.weighting = weighting
    self.seed = seed
  }
}
