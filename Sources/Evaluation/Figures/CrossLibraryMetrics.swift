import Foundation
import RankingMetrics

/// A ranking's figures under the names and definitions of another library, so that its users can compare.
///
/// Checked against values computed by RecBole 1.2, RecTools 0.19 and recommenders 1.2.
package struct CrossLibraryMetrics: Codable, Equatable, Sendable {
  package let library: String
  package let figures: [Figure]

  /// A value under the name that the library gives it.
  package struct Figure: Codable, Equatable, Sendable {
    package let name: String
    package let value: Double
  }

  /// What each library prints for users whose targets stand at `ranks`.
  package static func all(ofRanks ranks: [[Int]], cutoffs: [Int]) -> [CrossLibraryMetrics] {
    libraries.map { library in
      let figures = cutoffs.flatMap { k in
        library.figures.map { figure in
          let sum = ranks.reduce(0) { $0 + figure.value($1, k) }
          let mean = sum / Double(max(ranks.count, 1))
          return Figure(
            name: figure.name.replacingOccurrences(of: "{k}", with: "\(k)"),
            value: library.decimals.map { (mean * pow(10, $0)).rounded() / pow(10, $0) } ?? mean)
        }
      }
      return CrossLibraryMetrics(library: library.name, figures: figures)
    }
  }

  private struct Library: Sendable {
    let name: String
    /// To how many decimals it rounds; nil where it does not.
    var decimals: Double?
    /// What it prints for one user's ranks at k; `{k}` stands for the cut-off.
    let figures: [(name: String, value: @Sendable ([Int], Int) -> Double)]
  }

  private static let libraries = [
    Library(
      name: "RecBole", decimals: 4,
      figures: [
        ("recall@{k}", RankMetric.recall.value), ("mrr@{k}", RankMetric.reciprocalRank.value),
        ("ndcg@{k}", RankMetric.ndcg.value), ("hit@{k}", RankMetric.hitRate.value),
        ("precision@{k}", RankMetric.precision.value), ("map@{k}", RankMetric.averagePrecision.value),
      ]),
    Library(
      name: "RecTools",
      figures: [
        ("HitRate@{k}", RankMetric.hitRate.value), ("Precision@{k}", RankMetric.precision.value),
        ("Recall@{k}", RankMetric.recall.value), ("MRR@{k}", RankMetric.reciprocalRank.value),
        ("MAP@{k}", averagePrecisionOverAllTargets), ("NDCG@{k}", ndcgOverFullList),
        ("NDCG@{k} (divide_by_achievable)", RankMetric.ndcg.value),
      ]),
    Library(
      name: "recommenders-team",
      figures: [
        ("precision_at_k, k={k}", RankMetric.precision.value), ("recall_at_k, k={k}", RankMetric.recall.value),
        // Its natural logarithms cancel between DCG and its ideal.
        ("ndcg_at_k, k={k}", RankMetric.ndcg.value), ("map_at_k, k={k}", RankMetric.averagePrecision.value),
        ("map, k={k}", averagePrecisionOverAllTargets),
      ]),
  ]

  /// Σ precision at each hit within k, over all targets, also those that cannot fit into k places.
  @Sendable private static func averagePrecisionOverAllTargets(_ ranks: [Int], _ k: Int) -> Double {
    RankMetric.precisionSum(ranks.prefix { $0 <= k }) / Double(ranks.count)
  }

  /// DCG over that of k hits, however few targets there are.
  @Sendable private static func ndcgOverFullList(_ ranks: [Int], _ k: Int) -> Double {
    ranks.prefix { $0 <= k }.reduce(0) { $0 + RankMetric.discount($1) } / RankMetric.idealGain(targets: k, at: k)
  }
}
