import Foundation
import Kernels

/// All figures of one run, with the machine they belong to.
struct RankingRecord: Codable {
  var processor = Processor.name
  var kernels = Processor.level.name
  /// Of one core, in GFLOP/s.
  var peak = Processor.measuredGFLOPs()
  let users: Int
  let width: Int
  var ranking: [RankingFigure] = []
  var beside: BesideFigure?
  var answer: AnswerFigure?
  var peakMegabytes = 0

  init(users: Int, width: Int) {
    self.users = users
    self.width = width
  }

  var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(self)
    }
  }
}

/// How fast the best `k` of all items were found.
struct RankingFigure: Codable {
  let items, k, threads: Int
  let usersPerSecond, usersPerProcessorSecond: Double
  /// In GFLOP per second of a processor.
  let arithmetic: Double

  init(items: Int, k: Int, threads: Int, users: Int, width: Int, time: Stopwatch) {
    (self.items, self.k, self.threads) = (items, k, threads)
    usersPerSecond = Double(users) / time.wall
    usersPerProcessorSecond = Double(users) / time.processor
    arithmetic = 2e-9 * Double(users) * Double(items) * Double(width) / time.processor
  }

  static let titles = "    items     k  threads     users/s  users/processor-s  GFLOP/processor-s"

  var line: String {
    String(
      format: "%9d %5d %8d %11.0f %18.0f %18.1f", items, k, threads, usersPerSecond, usersPerProcessorSecond,
      arithmetic)
  }
}

/// Loading a model and answering one history, the best of three rounds.
struct AnswerFigure: Codable {
  let items, historyLength: Int
  let loadingMilliseconds, loadingProcessorMilliseconds: Double
  let answerMilliseconds, answerProcessorMilliseconds: Double

  var line: String {
    String(
      format: "loading %.1f ms (processor %.1f ms)\none answer at length %d: %.2f ms (processor %.2f ms)",
      loadingMilliseconds, loadingProcessorMilliseconds, historyLength, answerMilliseconds,
      answerProcessorMilliseconds)
  }
}
