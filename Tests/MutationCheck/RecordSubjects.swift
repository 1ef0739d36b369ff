import Comparison
import Evaluation
import Foundation
import InteractionStore
import Interactions
import Recommending
import Reports
import Training

/// Records of runs and comparisons, ranks, shards: JSON without sums.
let recordSubjects: [Subject] = [
  Subject(name: "ranks.json", file: "ranks.json", shape: .json, weight: 15) { folder in
    let other = try RecordFile.read(RankTable.self, from: folder.appendingPathComponent("others.json"))
    let ranks = try RecordFile.read(RankTable.self, from: folder.appendingPathComponent("ranks.json"))
    return try RecordFile.text(try RankComparison(ranks, other))
  },
  Subject(name: "record.json alone", file: "record/record.json", shape: .json, weight: 30) { folder in
    let record = try RunRecord.read(in: folder.appendingPathComponent("record"))
    return Report.html(of: record) + ResultsTable.markdown([record])
  },
  Subject(name: "results.json", file: "compared/results.json", shape: .json, weight: 30) { folder in
    let record = try RecordFile.read(
      ComparisonRecord.self, from: folder.appendingPathComponent("compared/results.json"))
    return Report.html(of: record) + ResultsTable.markdown(record.variants.flatMap(\.runs))
  },
  Subject(name: "log.best.json", file: "log.best.json", shape: .json, weight: 15) { folder in
    let log = try LogSource.load(folder.appendingPathComponent("log.csv").path).log
    let ranker = try KnownBest.ranker(from: folder.appendingPathComponent("log.best.json"), catalog: log.items)
    return "\(ranker.belief(after: log.history(of: UserID(0))).itemProbabilities)"
  },
  Subject(name: "shard.json", file: "part1.csv.shard.json", shape: .json, promise: .any, weight: 10) { try merge($0) },
  Subject(name: "shard", file: "part1.csv", shape: .lines, promise: .refused, weight: 10) { try merge($0) },
]

private func merge(_ folder: URL) throws -> String {
  let output = folder.appendingPathComponent("merged.csv")
  defer { try? FileManager.default.removeItem(at: output) }
  try ShardMerge([1, 2].map { folder.appendingPathComponent("part\($0).csv") }).write(to: output)
  return try String(contentsOf: output, encoding: .utf8)
}
