import Foundation
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

  /// The best on the test cases of leave-one-out over `log`, a log of `process`.
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
    program = Program.description
    self.process = process.options
    users = cases.count
    var results: [MeasuredValue] = []
    for metric in [RankMetric.hitRate, .ndcg, .reciprocalRank] {
      for k in cutoffs { results.append(MeasuredValue(MetricKey(metric, k), Self.mean(of: metric, at: k, best))) }
    }
    self.results = results
  }

  /// The ranker by true probabilities that the file at `url`, a known best, describes, for a log of `catalog`'s items.
  ///
  /// - Throws: `RecordError` for a file that is no known best; `KnownBestError` where it belongs to another log.
  package static func ranker(from url: URL, catalog: Catalog) throws -> BayesOptimal {
    let options = try RecordFile.read(KnownBest.self, from: url).process
    if let fault = options.fault { throw KnownBestError.impossible(path: url.path, fault: fault) }
    guard let ranker = BayesOptimal(SyntheticProcess(options), catalog: catalog) else {
      throw KnownBestError.otherLog(path: url.path)
    }
    return ranker
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

/// A known best that does not fit.
package enum KnownBestError: Error, CustomStringConvertible, Equatable {
  case impossible(path: String, fault: String)
  case otherLog(path: String)

  package var description: String {
    switch self {
    case .impossible(let path, let fault):
      "\(path) describes no log (\(fault)); write it again with `cloze synthesize`"
    case .otherLog(let path):
      "the log has items that the process in \(path) does not have; name the file that `cloze synthesize` wrote beside it"
    }
  }
}
