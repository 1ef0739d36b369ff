import Kernels

/// Targets from further ahead: some positions name one of the items behind the next one in its place.
///
/// Where histories are short and items rare, the order within a history says little, and what came a little later is nearly as
/// good an answer as what came next. Naming it spreads a position's probability over items that go together, as label
/// smoothing spreads it over all; the lists that follow hold the next item more often, see `experiments/sparse-logs`.
/// - Source: Pancha et al. 2022, arXiv:2205.04507, who draw targets from all that a user does in a window of time ahead.
package struct FutureTargets: Codable, Sendable, Equatable {
  /// The share of positions that name a later item than the next, drawn anew in every epoch.
  package var share: Double
  /// How many items behind the next one may be named, all alike; at the end of a window those that are left.
  package var within: Int

  package init(share: Double = 0.2, within: Int = 3) {
    self.share = share
    self.within = within
  }

  /// The event that is named in the place of `next`.
  ///
  /// - Parameters:
  ///   - next: the event behind a position.
  ///   - end: behind the last event of the window.
  ///   - random: of the epoch; the same event gives the same draw in every objective.
  func event(_ next: Int, end: Int, _ random: CounterRandom) -> Int {
    let left = min(within, end - 1 - next)
    let element = UInt64(next) * 2
    if left < 1 || random.uniform(element) >= share { return next }
    return next + 1 + random.below(left, element + 1)
  }
}
