import Interactions
import RankingMetrics

/// By how much one model is better than another on the same users, and whether chance explains it.
///
/// The one rule for `compare` and `diff`: Student's paired t test over users, corrected after Holm over all differences
/// of a family, significant below 0.05. It tests the mean, which is what is reported; with hundreds of users the mean is
/// normal whatever the metric's distribution. Wilcoxon's test asks about the median of those who differ, and of the
/// two the t test errs less often on ranking metrics (Urbano, Lima & Hanjalic 2019).
package struct PairedDifference: Codable, Sendable, Equatable {
  /// The mean of a − b over users; negative where a is worse.
  package var value: Double
  /// Bounds of the 95 % bootstrap interval.
  package var low: Double
  package var high: Double
  /// Two-sided p, corrected over the family.
  package var p: Double

  package init(value: Double, low: Double, high: Double, p: Double) {
    self.value = value
    self.low = low
    self.high = high
    self.p = p
  }

  /// Corrected p values below this are significant.
  package static let level = 0.05
  package var isSignificant: Bool { p < Self.level }

  /// Two models' figures of the same users, in the same order; two users or more.
  package typealias Pair = (a: [Double], b: [Double])

  /// The corrected p of each pair of one family.
  package static func correctedP(_ pairs: [Pair]) -> [Double] {
    HolmCorrection.adjusted(pairs.map { PairedTTest($0.a, $0.b).p })
  }

  /// a − b of each pair of one family; every pair of as many users meets the same resamples.
  package static func family(_ pairs: [Pair], bootstrap: Bootstrap, seed: UInt64) -> [PairedDifference] {
    zip(pairs, correctedP(pairs)).map { pair, p in
      var random = SplitMix64(seed: seed)
      guard let paired = PairedBootstrap(pair.a, pair.b, by: bootstrap, using: &random) else {
        preconditionFailure("a difference over no users")
      }
      return PairedDifference(
        value: paired.difference, low: paired.interval.low, high: paired.interval.high, p: p)
    }
  }
}
