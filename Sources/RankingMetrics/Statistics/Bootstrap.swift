/// The percentile bootstrap over users: what the mean would have been with other users of the same kind.
///
/// Source: Efron & Tibshirani 1993, chapter 13.
package struct Bootstrap: Codable, Equatable, Sendable {
  package var resamples: Int
  /// The share of resamples an interval holds.
  package var confidence: Double

  package init(resamples: Int = 1_000, confidence: Double = 0.95) {
    precondition(resamples >= 1 && confidence > 0 && confidence < 1, "\(resamples) resamples, \(confidence)")
    self.resamples = resamples
    self.confidence = confidence
  }

  /// The interval of the mean of `values`, one per user; nil without users.
  ///
  /// - Complexity: O(resamples · users).
  package func interval(ofMean values: [Double], using random: inout some RandomNumberGenerator) -> Interval? {
    if values.isEmpty { return nil }
    return interval(ofSorted: means(values, using: &random))
  }

  /// The means of `values` drawn again with replacement, ascending.
  func means(_ values: [Double], using random: inout some RandomNumberGenerator) -> [Double] {
    let count = UInt64(values.count)
    precondition(count <= UInt32.max, "\(count) users")
    var means: [Double] = []
    means.reserveCapacity(resamples)
    for _ in 0..<resamples {
      var sum = 0.0
      var drawn = 0
      // Two draws from each 64 bits: the high part of a 32-bit draw times the count is a uniform index.
      while drawn < values.count {
        let bits = random.next()
        sum += values[Int(((bits >> 32) * count) >> 32)]
        drawn += 1
        if drawn == values.count { break }
        sum += values[Int(((bits & 0xffff_ffff) * count) >> 32)]
        drawn += 1
      }
      means.append(sum / Double(values.count))
    }
    return means.sorted()
  }

  /// The central `confidence` of ascending values, by linear interpolation between them.
  func interval(ofSorted values: [Double]) -> Interval {
    func quantile(_ share: Double) -> Double {
      let place = share * Double(values.count - 1)
      let below = Int(place)
      let above = min(below + 1, values.count - 1)
      return values[below] + (place - Double(below)) * (values[above] - values[below])
    }
    return Interval(low: quantile((1 - confidence) / 2), high: quantile((1 + confidence) / 2))
  }
}
