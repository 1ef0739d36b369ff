import Interactions
import Kernels
import RankingMetrics
import SequentialModels

/// The highest figures that any model can expect on a log of a known process.
///
///     best = mean over users of Σᵣ p₍ᵣ₎ · metric(r)        p₍ᵣ₎ the r-th largest true probability given the history
///
/// The expectation is exact given the histories; what the best ranker scores on the one target each user really has
/// (`BayesOptimal` in the evaluator) scatters around it.
package struct KnownBest: Codable, Equatable, Sendable {
  package let program: String
  package let process: SyntheticOptions
  package let users: Int
  package let results: [MeasuredValue]

  /// The best on the test questions of leave-one-out over `log`, a log of `process`.
  ///
  /// - Complexity: O(users · (length · types · clusters + items)).
  package init(_ process: SyntheticProcess, log: InteractionLog, cutoffs: [Int] = [1, 5, 10, 20], workers: Workers) {
    guard let ranker = BayesOptimal(process, catalog: log.items) else {
      preconditionFailure("the log has items that its process has not")
    }
    let cases = LeaveOneOut.split(log).test
    let longest = cutoffs.max() ?? 1
    let best = workers.map(cases.count) { index in
      let probabilities = ranker.belief(after: cases[index].history).itemProbabilities
      let scores = probabilities.map { Float($0) }
      return TopItems.select(longest, from: scores.span).map { probabilities[Int($0)] }
    }
    program = "\(Program.name) \(Program.version)"
    self.process = process.options
    users = cases.count
    var results: [MeasuredValue] = []
    for metric in [RankMetric.hitRate, .ndcg, .reciprocalRank] {
      for k in cutoffs { results.append(MeasuredValue("\(metric.rawValue)@\(k)", Self.mean(of: metric, at: k, best))) }
    }
    self.results = results
  }

  /// The expected metric of a ranking whose r-th place holds the target with probability `best[user][r − 1]`.
  private static func mean(of metric: RankMetric, at k: Int, _ best: [[Double]]) -> Double {
    var sum = 0.0
    for probabilities in best {
      for (place, probability) in zip(1..., probabilities) {
        sum += probability * metric.value(ofRanks: [place], at: k)
      }
    }
    return sum / Double(max(best.count, 1))
  }
}
