/// Whether one model's users fare better than the same users under another: the bootstrap over paired differences.
///
/// Source: Efron & Tibshirani 1993, chapter 16; Sakai 2006.
package struct PairedBootstrap: Codable, Equatable, Sendable {
  /// The mean of `a − b` over users.
  package let difference: Double
  package let interval: Interval
  /// Two-sided: twice the share of resamples on the far side of zero, at least 2 / (resamples + 1), at most 1.
  package let p: Double

  /// Compares `a` with `b`, the same users in the same order; nil without users.
  package init?(
    _ a: [Double], _ b: [Double], by bootstrap: Bootstrap = Bootstrap(),
    using random: inout some RandomNumberGenerator
  ) {
    precondition(a.count == b.count, "\(a.count) users against \(b.count)")
    if a.isEmpty { return nil }
    let differences = zip(a, b).map { $0 - $1 }
    let means = bootstrap.means(differences, using: &random)
    difference = differences.reduce(0, +) / Double(differences.count)
    interval = bootstrap.interval(ofSorted: means)
    let below = means.count { $0 <= 0 }
    let above = means.count { $0 >= 0 }
    p = min(1, 2 * Double(min(below, above) + 1) / Double(means.count + 1))
  }
}
