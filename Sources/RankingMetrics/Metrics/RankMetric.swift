import Foundation

/// What is read off the ranks of one user's targets; the mean over users is the figure that is published.
///
/// With one target: HR@k = recall@k = [rank ≤ k], NDCG@k = 1 / log2(1 + rank), MRR@k = MAP@k = 1 / rank, precision@k
/// = HR@k / k, each 0 beyond k.
/// Source: Järvelin & Kekäläinen 2002 (NDCG); checked against RecTools, RecBole and recommenders-team.
package enum RankMetric: String, Codable, CaseIterable, Sendable {
  /// 1 where any target is within the first k.
  case hitRate = "HR"
  /// Σ 1 / log2(1 + rank) over targets within k, divided by the same sum of the best order that `min(targets, k)` allow.
  case ndcg = "NDCG"
  /// 1 / rank of the first target, 0 beyond k.
  case reciprocalRank = "MRR"
  /// The mean precision at the ranks of the targets within k, over `min(targets, k)`.
  case averagePrecision = "MAP"
  /// Targets within k over k.
  case precision = "precision"
  /// Targets within k over all targets.
  case recall = "recall"

  /// The metric of one user.
  ///
  /// - Parameter ranks: the ranks of all the user's targets, from 1, ascending; at least one.
  package func value(ofRanks ranks: [Int], at k: Int) -> Double {
    precondition(k >= 1 && !ranks.isEmpty, "\(self) at \(k) of \(ranks.count) targets")
    let hits = ranks.prefix { $0 <= k }
    guard let first = hits.first else { return 0 }
    return switch self {
    case .hitRate: 1
    case .ndcg: hits.reduce(0) { $0 + Self.discount($1) } / Self.idealGain(targets: ranks.count, at: k)
    case .reciprocalRank: 1 / Double(first)
    case .averagePrecision: Self.precisionSum(hits) / Double(min(ranks.count, k))
    case .precision: Double(hits.count) / Double(k)
    case .recall: Double(hits.count) / Double(ranks.count)
    }
  }

  /// The mean over users.
  package func mean(ofRanks ranks: [[Int]], at k: Int) -> Double {
    if ranks.isEmpty { return 0 }
    return ranks.reduce(0) { $0 + value(ofRanks: $1, at: k) } / Double(ranks.count)
  }

  /// What a hit at `rank` is worth: 1 / log2(1 + rank).
  package static func discount(_ rank: Int) -> Double { 1 / log2(Double(1 + rank)) }

  /// The gain of the best order: Σ 1 / log2(1 + j) for j = 1 … min(targets, k).
  package static func idealGain(targets: Int, at k: Int) -> Double {
    (1...min(targets, k)).reduce(0) { $0 + discount($1) }
  }

  /// Σ precision at each hit: the j-th hit at rank r adds j / r.
  package static func precisionSum(_ hits: some Collection<Int>) -> Double {
    zip(1..., hits).reduce(0) { $0 + Double($1.0) / Double($1.1) }
  }
}
