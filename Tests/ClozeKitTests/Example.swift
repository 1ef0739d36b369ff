import ClozeKit
import Foundation

/// From a log to answers: trains on it, then recommends next items and lists similar ones.
func example(log file: URL, model directory: URL) async throws {
  let log = try Log(file)
  let outcome = try await Training(settings: ["stages.0.epochs": "2"]).train(
    on: log, into: directory)
  print("validation NDCG@10:", outcome.validation["NDCG@10"] ?? 0)

  let recommender = try Recommender(directory: directory, popularityFrom: log)
  let history = log.history(of: log.users[0]) ?? []
  for entry in recommender.recommend(history: history, top: 5, excluding: history).entries {
    print(entry.item, entry.score)
  }
  print(try recommender.similarItems(to: log.items[0], top: 3).map(\.item))

  let everybody = try await recommender.recommend(
    histories: log.users.map { log.history(of: $0) ?? [] }, top: 10, excludingSeen: true)
  print("lists for", everybody.count, "users")
}
