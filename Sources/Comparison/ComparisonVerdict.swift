import Evaluation
import RankingMetrics

/// The outcome of a comparison in plain words: who wins, who cannot be told from the winner, and where that changes.
struct ComparisonVerdict {
  let sentence: String

  /// - Parameters:
  ///   - variants: best first.
  ///   - differences: of all but the first, in the same order.
  init(
    _ variants: [EvaluatedVariant], differences: [PairedDifference], metric: MetricKey, rules: EvaluationRules
  ) {
    let best = variants[0]
    let rivals = Array(variants.dropFirst())
    let equal = zip(rivals, differences).filter { !$0.1.isSignificant }.map(\.0.name)
    let worse = zip(rivals, differences).filter { $0.1.isSignificant }.map(\.0.name)
    var text: String
    if equal.isEmpty {
      text = "\(best.name) wins by \(metric); \(Self.list(worse)) \(worse.count == 1 ? "is" : "are") worse"
    } else {
      let notDistinguishable = "\(Self.list(equal)) \(equal.count == 1 ? "is" : "are") not distinguishable from it"
      text = "\(best.name) has the highest \(metric), but \(notDistinguishable)"
      if !worse.isEmpty { text += "; \(Self.list(worse)) \(worse.count == 1 ? "is" : "are") worse" }
    }
    let moved = Self.exceptions(best, rivals, rules: rules, equal: Set(equal))
    sentence = ([text] + moved).joined(separator: "; ") + "."
  }

  /// Parts of the users in which a rival is better than the best, or one that is worse over all users is not; p values of
  /// a dimension's parts and rivals are one family.
  private static func exceptions(
    _ best: EvaluatedVariant, _ rivals: [EvaluatedVariant], rules: EvaluationRules, equal: Set<String>
  ) -> [String] {
    var found: [String] = []
    for dimension in [CohortDimension.historyLength, .itemPopularity] {
      let parts = dimension.rows(of: best.runs[0].ranks).filter { $0.rows.count >= 30 }
      let cells = parts.flatMap { part in
        rivals.map { rival in
          let (ours, theirs) = (part.rows.map { best.perUser[$0] }, part.rows.map { rival.perUser[$0] })
          let gain = zip(theirs, ours).reduce(0) { $0 + $1.0 - $1.1 }
          return (part: part.part, rival: rival.name, gain: gain, pair: (a: theirs, b: ours))
        }
      }
      let corrected = PairedDifference.correctedP(cells.map(\.pair))
      for (cell, p) in zip(cells, corrected) where cell.gain > 0 && p < PairedDifference.level {
        found.append("for users with \(dimension.rawValue) \(cell.part), \(cell.rival) is better")
      }
    }
    return found
  }

  /// `a`, `a and b`, `a, b and c`.
  private static func list(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }
}
