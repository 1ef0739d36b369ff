import Foundation

/// How well probabilities of labels fit the labels that were found.
///
/// - Source: checked against scikit-learn (`accuracy_score`, `roc_auc_score` one-vs-rest macro, `f1_score` macro, `log_loss`);
///   the calibration error as in Guo et al. 2017, arXiv:1706.04599.
package struct LabelMetrics: Codable, Sendable, Equatable {
  /// Sequences that were evaluated.
  package var count: Int
  /// The share whose most probable label, the first of several, is theirs.
  package var accuracy: Double
  /// The mean over labels of how often a sequence with the label has a greater probability of it than one without, ties
  /// half; nil where a label has all sequences or none.
  package var auc: Double?
  /// The mean over labels, of those that occur or are predicted, of their F1.
  package var macroF1: Double
  /// The mean cross-entropy, in nats.
  package var logLoss: Double
  /// The mean distance between confidence and accuracy over `bins` bins of confidence.
  package var calibrationError: Double

  package static let bins = 15

  /// - Parameters:
  ///   - probabilities: `[sequences][labels]`, each row with the sum 1.
  ///   - labels: `[sequences]` the numbers of the labels that were found.
  package init(probabilities: [[Double]], labels: [Int]) {
    precondition(
      probabilities.count == labels.count && !labels.isEmpty, "\(probabilities.count) rows for \(labels.count) labels")
    let kinds = probabilities[0].count
    let predicted = probabilities.map { row in row.indices.max { (row[$0], $1) < (row[$1], $0) }! }
    let n = Double(labels.count)
    count = labels.count
    accuracy = Double(zip(predicted, labels).count { $0 == $1 }) / n
    logLoss = -zip(probabilities, labels).reduce(0) { $0 + log(max($1.0[$1.1], 2.220446049250313e-16)) } / n
    macroF1 = Self.macroF1(predicted, labels, kinds: kinds)
    calibrationError = Self.calibrationError(
      zip(predicted.indices, predicted).map { (probabilities[$0][$1], predicted[$0] == labels[$0]) })
    let areas = (kinds == 2 ? 1..<2 : 0..<kinds).map { label in
      Self.area(scores: probabilities.map { $0[label] }, isPositive: labels.map { $0 == label })
    }
    auc = areas.contains { $0 == nil } ? nil : areas.reduce(0) { $0 + $1! } / Double(areas.count)
  }

  private static func macroF1(_ predicted: [Int], _ labels: [Int], kinds: Int) -> Double {
    let scores = (0..<kinds).compactMap { label -> Double? in
      let (found, named) = (labels.count { $0 == label }, predicted.count { $0 == label })
      if found + named == 0 { return nil }
      let right = zip(predicted, labels).count { $0 == label && $1 == label }
      return 2 * Double(right) / Double(found + named)
    }
    return scores.reduce(0, +) / Double(scores.count)
  }

  /// The area under the ROC curve, by ranks; nil without both kinds.
  static func area(scores: [Double], isPositive: [Bool]) -> Double? {
    let positives = isPositive.count { $0 }
    let negatives = isPositive.count - positives
    if positives == 0 || negatives == 0 { return nil }
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var (rankSum, start) = (0.0, 0)
    while start < order.count {
      var end = start
      while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
      // Ranks from 1; equal scores share their mean rank.
      let rank = Double(start + end + 1) / 2
      rankSum += rank * Double(order[start..<end].count { isPositive[$0] })
      start = end
    }
    let least = Double(positives) * Double(positives + 1) / 2
    return (rankSum - least) / (Double(positives) * Double(negatives))
  }

  private static func calibrationError(_ predictions: [(confidence: Double, isRight: Bool)]) -> Double {
    var bins = [(confidence: Double, right: Double)](repeating: (0, 0), count: bins)
    for (confidence, isRight) in predictions {
      // Bins are open below and closed above, as in the paper.
      let bin = min(max(Int((confidence * Double(bins.count)).rounded(.up)) - 1, 0), bins.count - 1)
      bins[bin].confidence += confidence
      bins[bin].right += isRight ? 1 : 0
    }
    return bins.reduce(0) { $0 + abs($1.confidence - $1.right) } / Double(predictions.count)
  }
}

/// How near predicted numbers are to those that were found.
///
/// - Source: checked against scikit-learn (`mean_absolute_error`, `root_mean_squared_error`, `r2_score`).
package struct NumberMetrics: Codable, Sendable, Equatable {
  package var count: Int
  package var meanAbsoluteError: Double
  package var rootMeanSquaredError: Double
  /// 1 − the squared errors' sum over that of the mean's; nil where all numbers are the same.
  package var r2: Double?

  package init(predicted: [Double], found: [Double]) {
    precondition(predicted.count == found.count && !found.isEmpty, "\(predicted.count) predictions of \(found.count)")
    let n = Double(found.count)
    let squares = zip(predicted, found).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let mean = found.reduce(0, +) / n
    let total = found.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    count = found.count
    meanAbsoluteError = zip(predicted, found).reduce(0) { $0 + abs($1.0 - $1.1) } / n
    rootMeanSquaredError = (squares / n).squareRoot()
    r2 = total > 0 ? 1 - squares / total : nil
  }
}
