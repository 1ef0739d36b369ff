/// The mean difference of a figure to the best variant over the same users.
package struct PairedDifference: Codable, Sendable, Equatable {
  /// This variant minus the best one; negative where this one is worse.
  package var value: Double
  /// Bounds of the 95 % bootstrap interval.
  package var low: Double
  package var high: Double
  /// Two-sided p, corrected after Holm over all differences of the comparison.
  package var p: Double

  package init(value: Double, low: Double, high: Double, p: Double) {
    self.value = value
    self.low = low
    self.high = high
    self.p = p
  }
}
