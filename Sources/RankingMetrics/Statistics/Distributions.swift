import Foundation

/// Tail probabilities of the distributions the tests need.
package enum Distributions {
  /// P(|Z| ≥ |z|) of the standard normal.
  package static func normalTwoSided(_ z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }

  /// P(|T| ≥ |t|) of Student's t: I(ν / (ν + t²); ν/2, 1/2).
  package static func studentTwoSided(_ t: Double, degreesOfFreedom nu: Double) -> Double {
    incompleteBeta(nu / (nu + t * t), nu / 2, 0.5)
  }

  /// The regularized incomplete beta function I(x; a, b), by Lentz's continued fraction.
  ///
  /// Source: DLMF 8.17.22; relative error below 1e-12 for a, b ≤ 1e5.
  package static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    precondition(x >= 0 && x <= 1 && a > 0 && b > 0, "I(\(x); \(a), \(b))")
    if x == 0 || x == 1 { return x }
    // The fraction converges fast on one side of the mean; the other side is its mirror.
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)) / a
    let tiny = 1e-300
    func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / kept(1 - (a + b) * x / (a + 1))
    var fraction = d
    for m in stride(from: 1.0, through: 10_000, by: 1) {
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / kept(1 + even * d)
      c = kept(1 + even / c)
      fraction *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / kept(1 + odd * d)
      c = kept(1 + odd / c)
      fraction *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return min(1, front * fraction)
  }

  /// ln Γ(x) for x > 0; every argument here is positive, so the sign `lgamma` keeps globally is never read.
  private static func logGamma(_ x: Double) -> Double { lgamma(x) }
}
