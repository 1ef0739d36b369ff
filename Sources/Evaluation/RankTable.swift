import RankingMetrics

/// Where every user's targets stood, one row per question: what a comparison of two models reads.
package struct RankTable: Codable, Equatable, Sendable {
  package let name: String
  package let passport: Passport
  /// External ids.
  package let users: [String]
  /// The ranks of each question's targets, ascending.
  package let ranks: [[Int]]
  package let historyLengths: [Int]
  /// The popularity of each question's first target in training.
  package let bands: [PopularityBand]
  /// Microseconds from the history's last event to the first target; null where the log has no times.
  package let gaps: [Int64?]

  package init(
    name: String, passport: Passport, users: [String], ranks: [[Int]], historyLengths: [Int], bands: [PopularityBand],
    gaps: [Int64?]
  ) {
    for (what, count) in [
      ("ranks", ranks.count), ("history lengths", historyLengths.count), ("bands", bands.count), ("gaps", gaps.count),
    ] {
      precondition(count == users.count, "\(users.count) users, \(count) \(what)")
    }
    self.name = name
    self.passport = passport
    self.users = users
    self.ranks = ranks
    self.historyLengths = historyLengths
    self.bands = bands
    self.gaps = gaps
  }

  /// The metric of each user, in row order.
  package func values(of metric: RankMetric, at k: Int) -> [Double] {
    ranks.map { metric.value(ofRanks: $0, at: k) }
  }
}
