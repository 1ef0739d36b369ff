import ClozeKit
import Foundation

/// Trains a model on a log that it makes up, and prints what some visitors read next. Everything is written to a folder,
/// `next-items` unless another one is named: `swift run NextItems [FOLDER]`.
@main
struct NextItems {
  static func main() async throws {
    let folder = URL(fileURLWithPath: CommandLine.arguments.dropFirst().first ?? "next-items")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)

    // A log is a file with a header such as user,item,timestamp; a store of `cloze import` is opened the same way.
    let file = folder.appendingPathComponent("visits.csv")
    try MadeUpVisits(visitors: 200, pages: 30).csv.write(to: file, atomically: true, encoding: .utf8)
    let log = try Log(file)
    print("\(log.count) events of \(log.users.count) users and \(log.items.count) items")

    // Any key of the configuration can be set; sizes and epochs that are not follow from the log.
    let training = Training(settings: ["model.hidden": "32", "stages.0.epochs": "8"])
    let outcome = try await training.train(on: log, into: folder.appendingPathComponent("model"))
    let quality = (outcome.validation["NDCG@10"] ?? 0).formatted(.number.precision(.fractionLength(2)))
    print("\(outcome.epochs) epochs, NDCG@10 of validation \(quality)")

    // The model answers for users of the log, and for histories it has never seen.
    let recommender = try Recommender(directory: folder.appendingPathComponent("model"), popularityFrom: log)
    let history = log.history(of: "visitor1") ?? []
    print("visitor1 read \(history.suffix(3).joined(separator: ", "))")
    let next = recommender.recommend(history: history, top: 3, excluding: history)
    print("next: \(next.items.joined(separator: ", "))")
    let after = recommender.recommend(history: ["page7"], top: 3, excluding: ["page7"])
    print("after page7: \(after.items.joined(separator: ", "))")

    // Lists of everybody in the log, into a file that is whole or not there.
    let lists = folder.appendingPathComponent("lists.csv")
    let summary = try await recommender.recommend(usersOf: log, to: .file(lists))
    print("\(summary.rows) rows for \(summary.users) users in lists.csv")
  }
}

/// Visitors who mostly turn to the page after the one they read.
struct MadeUpVisits {
  let visitors: Int
  let pages: Int

  var csv: String {
    var state: UInt64 = 1
    /// The next number below `bound` of a linear congruential generator.
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var rows = "user,item,timestamp\n"
    for visitor in 1...visitors {
      var page = draw(pages)
      for step in 0..<12 {
        rows += "visitor\(visitor),page\(page + 1),\(1_700_000_000 + visitor * 1_000 + step)\n"
        page = draw(10) < 9 ? (page + 1) % pages : draw(pages)
      }
    }
    return rows
  }
}
