import Interactions
import RankingMetrics

extension PairedDifference {
  /// What each of `rivals` lacks to `best`, the same users in the same order; p of the paired t test, corrected after Holm.
  ///
  /// Negative where the rival is worse. Every rival meets the same resamples.
  package static func toBest(
    _ best: [Double], of rivals: [[Double]], bootstrap: Bootstrap = Bootstrap(), seed: UInt64 = 1
  ) -> [PairedDifference] {
    let corrected = HolmCorrection.adjusted(rivals.map { PairedTTest($0, best).p })
    return zip(rivals, corrected).compactMap { rival, p in
      var random = SplitMix64(seed: seed)
      return PairedBootstrap(rival, best, by: bootstrap, using: &random).map {
        PairedDifference(value: $0.difference, low: $0.interval.low, high: $0.interval.high, p: p)
      }
    }
  }
}
