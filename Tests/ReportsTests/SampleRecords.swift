import RankingMetrics
import Comparison
import Evaluation
import Foundation
import Interactions
import Training

/// Records with every part filled, from a fixed formula, and with text that would be markup if it were not escaped.
enum SampleRecords {
  static let poolings = [
    "tail", "mean", "recencyWeighted", "tail+mean", "cls<b>&\"x\"", "max", "attention", "lastK:5", "meanSqrtLength",
  ]
  static let log = LogIdentity(
    name: "ml-1m.txt", fingerprint: "9f2c41ab", users: 6040, items: 3416, events: 999_611)
  static let lines = [
    ProtocolLine("split", "leave-one-out: the last item of every user is the test"),
    ProtocolLine("candidates", "all 3,416 items"), ProtocolLine("seen items", "removed"),
    ProtocolLine("ties", "count against the model"), ProtocolLine("users", "6,040 counted, 0 left out"),
  ]

  static func run(_ name: String, quality: Double, seed: UInt64 = 1) -> RunRecord {
    var run = RunRecord(
      name: name, program: "cloze 0.1.0", log: log,
      configuration: .object([
        "model": .object(["hidden": .integer(64), "pooling": .text(name), "dropout": .number(0.1)]),
        "seed": .integer(Int(seed)),
      ]),
      seed: seed, epochs: epochs(quality, seed),
      evaluation: EvaluationSummary(
        name: name, results: results(quality), cohorts: cohorts(quality),
        lists: ListStatistics(
          of: [[0, 1], [0, 2]], at: 2, popularity: [5, 3, 2, 1], usersOfItem: [4, 3, 2, 1], users: 10),
        rankBands: [
          RankBand(from: 1, to: 1, targets: 300), RankBand(from: 2, to: 5, targets: 812),
          RankBand(from: 6, to: 10, targets: 601), RankBand(from: 1_001, to: nil, targets: 44),
        ]),
      cost: RunCost(
        trainingSeconds: 400 + 900 * quality, microsecondsPerUser: 90 + 1000 * quality, threads: 2,
        processor: "AMD EPYC 7763",
        epochs: (1...45).map { EpochCost(seconds: $0 <= 20 ? 14 : 11, tokensPerSecond: $0 <= 20 ? 71_000 : 83_000) }))
    run.baselines = [
      EvaluationSummary(
        name: "popularity", results: [value(.ndcg, 10, 0.018), value(.hitRate, 10, 0.0369)],
        cohorts: cohorts(0.2 * quality)),
      EvaluationSummary(name: "last-item Markov", results: [value(.ndcg, 10, 0.071), value(.hitRate, 10, 0.1352)]),
    ]
    run.protocol = lines
    run.provenance = provenance
    run.warnings = ["Nearly all users (93 %) get the same ten items."]
    return run
  }

  /// Of a log whose users have 1 to 40 events, some of them at one time.
  static let provenance: LogProvenance = {
    var batch = EventBatch(columns: EventColumns(present: [.time]))
    for user in 0..<40 {
      for place in 0...user {
        batch.users.append(UserID(user))
        batch.items.append(ItemID(place * place % 31))
        batch.columns.append(Int64(place / 2 * user) * 86_400_000_000, to: .time)
      }
    }
    let log = InteractionLog(
      users: Catalog((0..<40).map { "u\($0)" }), items: Catalog((0..<31).map { "i\($0)" }), events: batch)
    return LogProvenance(of: log, settings: .init(), imports: 2, reports: [], leftOut: nil)
  }()

  static var comparison: ComparisonRecord {
    let variants = poolings.enumerated().map { place, name in
      let quality = 0.154 - 0.0015 * Double(place * place)
      return VariantRecord(
        name: name, runs: (1...3).map { run(name, quality: quality + 0.0007 * Double($0 - 2), seed: UInt64($0)) },
        results: results(quality), standardDeviations: [MetricKey(.ndcg, 10): 0.0007, MetricKey(.hitRate, 10): 0.0012],
        difference: place == 0
          ? nil
          : PairedDifference(
            value: -0.0015 * Double(place * place), low: -0.0015 * Double(place * place) - 0.005,
            high: -0.0015 * Double(place * place) + 0.005, p: place == 1 ? 0.21 : 0.00004),
        cohorts: cohorts(quality),
        cost: RunCost(
          trainingSeconds: 410 + 30 * Double(place), microsecondsPerUser: 95 + 12 * Double(place % 3), threads: 2,
          processor: "AMD EPYC 7763"))
    }
    return ComparisonRecord(
      name: "Poolings on ml-1m", factor: "pooling", metric: MetricKey(.ndcg, 10), log: log, variants: variants,
      verdict: "tail wins; mean is not distinguishable from it.", protocol: lines)
  }

  private static func value(_ metric: RankMetric, _ k: Int, _ value: Double) -> MeasuredValue {
    MeasuredValue(MetricKey(metric, k), value, low: value - 0.006, high: value + 0.006)
  }

  private static func results(_ quality: Double) -> [MeasuredValue] {
    [
      value(.ndcg, 10, quality), value(.hitRate, 10, 1.85 * quality),
      MeasuredValue(MetricKey(.reciprocalRank, 10), 0.8 * quality),
    ]
      + [1, 5, 20].flatMap { k in
        [RankMetric.hitRate, .ndcg, .averagePrecision].map { value($0, k, quality * Double(k).squareRoot() / 3) }
      }
  }

  private static func epochs(_ quality: Double, _ seed: UInt64) -> [EpochRecord] {
    let pretraining = (1...20).map {
      EpochRecord(
        stage: "pretrain", epoch: $0, loss: 5.5 + 2.5 * exp(-Double($0) / 6))
    }
    let tuning = (1...25).map { epoch in
      EpochRecord(
        stage: "tune", epoch: epoch, loss: 5 + exp(-Double(epoch) / 8),
        validation: [
          MeasuredValue(MetricKey(.ndcg, 10), quality * (1.06 - 0.5 * exp(-Double(epoch) / 6)) + 0.0004 * Double(seed))
        ])
    }
    return pretraining + tuning
  }

  private static func cohorts(_ quality: Double) -> [Cohort] {
    let lengths = [("1–4", 120), ("5–9", 410), ("10–19", 900), ("20–49", 2110), ("50–99", 1500), ("100+", 1000)]
    let popularity = [("most popular tenth", 3000), ("second tenth", 1540), ("other items", 1500)]
    func cohort(_ dimension: String, _ part: (String, Int), _ factor: Double) -> Cohort {
      let margin = 0.6 / Double(part.1).squareRoot()
      let value = factor * quality
      return Cohort(
        dimension: dimension, part: part.0, users: part.1,
        values: [MeasuredValue(MetricKey(.ndcg, 10), value, low: max(0, value - margin), high: value + margin)])
    }
    return lengths.enumerated().map { cohort("history length", $1, 0.8 + 0.1 * Double($0)) }
      + popularity.enumerated().map { cohort("item popularity", $1, 1.4 - 0.5 * Double($0)) }
  }
}
