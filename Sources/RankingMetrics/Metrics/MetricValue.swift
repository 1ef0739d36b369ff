/// A figure with its name, cut-off and, where it was asked for, its interval.
package struct MetricValue: Codable, Equatable, Sendable {
  package let metric: RankMetric
  /// Only the first `k` places count.
  package let k: Int
  package let value: Double
  /// The bootstrap 95 % interval over users.
  package let interval: Interval?

  package init(metric: RankMetric, k: Int, value: Double, interval: Interval? = nil) {
    self.metric = metric
    self.k = k
    self.value = value
    self.interval = interval
  }

  /// `NDCG@10`
  package var name: String { "\(metric.rawValue)@\(k)" }
}
