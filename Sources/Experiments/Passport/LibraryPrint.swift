import RankingMetrics

/// A ranking's figures under the names and definitions of another library, so that its users can compare.
///
/// Checked against values computed by RecBole 1.2, RecTools 0.19 and recommenders 1.2.
package struct LibraryPrint: Codable, Equatable, Sendable {
  package let library: String
  package let figures: [MeasuredValue]

  /// What each library prints for users whose targets stand at `ranks`.
  package static func all(ofRanks ranks: [[Int]], cutoffs: [Int]) -> [LibraryPrint] {
    [recBole(ranks, cutoffs), recTools(ranks, cutoffs), recommenders(ranks, cutoffs)]
  }

  /// RecBole: the definitions of this program, rounded to four decimals.
  private static func recBole(_ ranks: [[Int]], _ cutoffs: [Int]) -> LibraryPrint {
    let names: [(String, RankMetric)] = [
      ("recall", .recall), ("mrr", .reciprocalRank), ("ndcg", .ndcg), ("hit", .hitRate), ("precision", .precision),
      ("map", .averagePrecision),
    ]
    return LibraryPrint(
      library: "RecBole",
      figures: names.flatMap { name, metric in
        cutoffs.map { MeasuredValue("\(name)@\($0)", (metric.mean(ofRanks: ranks, at: $0) * 1e4).rounded() / 1e4) }
      })
  }

  /// RecTools: MAP over all targets; NDCG over k full places, or with `divide_by_achievable` over what can be reached.
  private static func recTools(_ ranks: [[Int]], _ cutoffs: [Int]) -> LibraryPrint {
    let figures = cutoffs.flatMap { k in
      [
        MeasuredValue("HitRate@\(k)", RankMetric.hitRate.mean(ofRanks: ranks, at: k)),
        MeasuredValue("Precision@\(k)", RankMetric.precision.mean(ofRanks: ranks, at: k)),
        MeasuredValue("Recall@\(k)", RankMetric.recall.mean(ofRanks: ranks, at: k)),
        MeasuredValue("MRR@\(k)", RankMetric.reciprocalRank.mean(ofRanks: ranks, at: k)),
        MeasuredValue(
          "MAP@\(k)",
          mean(ranks, at: k) { hits, targets in RankMetric.precisionSum(hits) / Double(targets) }),
        MeasuredValue(
          "NDCG@\(k)",
          mean(ranks, at: k) { hits, _ in
            hits.reduce(0) { $0 + RankMetric.discount($1) } / RankMetric.idealGain(targets: k, at: k)
          }),
        MeasuredValue("NDCG@\(k) (divide_by_achievable)", RankMetric.ndcg.mean(ofRanks: ranks, at: k)),
      ]
    }
    return LibraryPrint(library: "RecTools", figures: figures)
  }

  /// recommenders-team: natural logarithms cancel in NDCG; `map` divides by all targets, `map_at_k` by min(targets, k).
  private static func recommenders(_ ranks: [[Int]], _ cutoffs: [Int]) -> LibraryPrint {
    let figures = cutoffs.flatMap { k in
      [
        MeasuredValue("precision_at_k, k=\(k)", RankMetric.precision.mean(ofRanks: ranks, at: k)),
        MeasuredValue("recall_at_k, k=\(k)", RankMetric.recall.mean(ofRanks: ranks, at: k)),
        MeasuredValue("ndcg_at_k, k=\(k)", RankMetric.ndcg.mean(ofRanks: ranks, at: k)),
        MeasuredValue("map_at_k, k=\(k)", RankMetric.averagePrecision.mean(ofRanks: ranks, at: k)),
        MeasuredValue(
          "map, k=\(k)",
          mean(ranks, at: k) { hits, targets in RankMetric.precisionSum(hits) / Double(targets) }),
      ]
    }
    return LibraryPrint(library: "recommenders-team", figures: figures)
  }

  /// The mean over users of a figure of the ranks within k and the number of targets.
  private static func mean(
    _ ranks: [[Int]], at k: Int, _ figure: (ArraySlice<Int>, Int) -> Double
  ) -> Double {
    if ranks.isEmpty { return 0 }
    let sum = ranks.reduce(0) { sum, user in sum + figure(user.prefix { $0 <= k }, user.count) }
    return sum / Double(ranks.count)
  }
}
