/// A range that holds a figure with a stated confidence, 95 % unless said otherwise.
package struct Interval: Codable, Equatable, Sendable {
  package let low: Double
  package let high: Double

  package init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  package func contains(_ value: Double) -> Bool { low <= value && value <= high }
}
