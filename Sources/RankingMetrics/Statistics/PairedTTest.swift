/// Student's paired t test: whether the mean of paired differences is zero, were they normal.
///
/// Source: Student 1908; checked against `scipy.stats.ttest_rel`.
package struct PairedTTest: Codable, Equatable, Sendable {
  package let t: Double
  /// Two-sided; 1 where there is no difference at all, 0 where all differ by the same amount.
  package let p: Double
  package let degreesOfFreedom: Int

  package init(_ a: [Double], _ b: [Double]) {
    precondition(a.count == b.count && a.count >= 2, "\(a.count) users against \(b.count); two or more are compared")
    let differences = zip(a, b).map { $0 - $1 }
    let n = Double(differences.count)
    let mean = differences.reduce(0, +) / n
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    degreesOfFreedom = differences.count - 1
    if variance == 0 {
      t = mean == 0 ? 0 : .greatestFiniteMagnitude * (mean > 0 ? 1 : -1)
      p = mean == 0 ? 1 : 0
    } else {
      t = mean / (variance / n).squareRoot()
      p = Distributions.studentTwoSided(t, degreesOfFreedom: n - 1)
    }
  }
}
