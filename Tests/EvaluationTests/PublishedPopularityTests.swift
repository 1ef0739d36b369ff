import Evaluation
import Foundation
import Interactions
import SequentialModels
import TestSupport
import Testing

/// The check the replications of BERT4Rec use for an evaluator: popularity on MovieLens-1M as SASRec prepared it.
@Suite struct PublishedPopularityTests {
  static let file = URL(fileURLWithPath: #filePath)
    .appendingPathComponent("../../../../shared/datasets/ml-1m/ml-1m.txt").standardized

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: file.path), "needs ../shared/datasets/ml-1m/ml-1m.txt"),
    .enabled(if: BuildMode.isOptimized, "a million lines take seconds without optimization"))
  func popularityOnMovieLens1M() throws {
    var users = Catalog()
    var items = Catalog()
    let events = try String(contentsOf: Self.file, encoding: .utf8).utf8.split(separator: 10).map { line in
      let fields = line.split(separator: 32).map { String($0)! }
      return (users.insert(fields[0]), items.insert(fields[1]), Int64?.none)
    }
    let split = LeaveOneOut.split(InteractionLog(users: users, items: items, events: events))
    #expect(split.test.count == 6_040)
    let result = Evaluator.quick(Popularity(split.training), split.test)
    #expect(abs(result.hr - 0.0369) < 0.0001, "HR@10 \(result.hr)")
    #expect(abs(result.ndcg - 0.0180) < 0.0001, "NDCG@10 \(result.ndcg)")
  }
}
