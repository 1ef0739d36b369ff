/// Wilcoxon's signed-rank test: whether paired differences lean to one side, whatever their distribution.
///
/// Differences of zero are left out, equal magnitudes share their mean rank, and p comes from the normal approximation
/// with tie correction and without continuity correction.
/// Source: Wilcoxon 1945; checked against `scipy.stats.wilcoxon(a, b, method="approx")`.
package struct WilcoxonSignedRank: Codable, Equatable, Sendable {
  /// The smaller of the two rank sums.
  package let statistic: Double
  /// Two-sided; 1 where every difference is zero.
  package let p: Double
  /// The number of differences that are not zero.
  package let differing: Int

  /// - Complexity: O(users · log users).
  package init(_ a: [Double], _ b: [Double]) {
    precondition(a.count == b.count, "\(a.count) users against \(b.count)")
    let differences = zip(a, b).map { $0 - $1 }.filter { $0 != 0 }.sorted { abs($0) < abs($1) }
    differing = differences.count
    var positive = 0.0
    var tieTerm = 0.0
    var start = 0
    while start < differences.count {
      var end = start + 1
      while end < differences.count && abs(differences[end]) == abs(differences[start]) { end += 1 }
      let rank = Double(start + 1 + end) / 2
      positive += rank * Double(differences[start..<end].count { $0 > 0 })
      let ties = Double(end - start)
      tieTerm += ties * ties * ties - ties
      start = end
    }
    let n = Double(differences.count)
    let total = n * (n + 1) / 2
    statistic = min(positive, total - positive)
    let variance = n * (n + 1) * (2 * n + 1) / 24 - tieTerm / 48
    p = variance > 0 ? Distributions.normalTwoSided((statistic - total / 2) / variance.squareRoot()) : 1
  }
}
