import Evaluation
import Foundation
import Interactions
import Kernels
import RankingMetrics
import SequentialModels
import TestSupport
import Testing

@Suite struct KnownBestTests {
  private let users = BuildMode.isOptimized ? 3_000 : 250

  private func figures(_ kind: SyntheticOptions.Process) throws -> (best: Double, realised: Double, rivals: [Double]) {
    let process = SyntheticProcess(
      SyntheticOptions(process: kind, users: users, items: 120, clusters: 12, seed: 5, meanLength: 16))
    let log = process.log()
    let split = LeaveOneOut.split(log)
    let best = try #require(
      KnownBest(process, log: log, workers: Workers(threads: 2)).results.first(.ndcg, at: 10)?.value)
    let oracle = try #require(BayesOptimal(process, catalog: log.items))
    let rivals: [any SequentialRecommender] = [Popularity(split.training), LastItemMarkov(split.training)]
    return (
      best, Evaluator.quick(oracle, split.test).ndcg, rivals.map { Evaluator.quick($0, split.test).ndcg }
    )
  }

  @Test(arguments: SyntheticOptions.Process.allCases) func theOptimalRankerScoresWhatIsExpected(
    kind: SyntheticOptions.Process
  ) throws {
    let (best, realised, rivals) = try figures(kind)
    // NDCG of one user scatters by less than 0.5; three standard errors.
    #expect(abs(best - realised) < 3 * 0.5 / Double(users).squareRoot(), "\(best) expected, \(realised) realised")
    #expect(rivals.allSatisfy { $0 < realised }, "\(rivals) against \(realised)")
  }

  @Test func aMixtureNeedsMoreThanTheLastItem() throws {
    let (best, _, rivals) = try figures(.mixture)
    #expect(rivals.allSatisfy { $0 < 0.75 * best }, "\(rivals) against \(best)")
  }

  @Test func aLogOfAnotherProcessHasNoKnownBest() {
    let process = SyntheticProcess(SyntheticOptions(users: 2, items: 40, clusters: 4, meanLength: 8))
    #expect(BayesOptimal(process, catalog: Catalog(["item1", "shoe"])) == nil)
    #expect(BayesOptimal(process, catalog: Catalog(["item40"])) == nil)
  }
}
