import ClozeKit
import DurableFiles
import Foundation
import Kernels
import Recommending
import SequentialModels

/// Measures exact ranking over items, list lengths and threads, also beside another program; with a model directory also
/// loading and single answers.
///
///     RecommendationBenchmark [--items 10000,1000000] [--k 10,1000] [--threads 1,2] [--width 64] [--users 512]
///       [--beside COMMAND [--pairs 3]] [--model DIR] [--save RECORD.json]
///
/// Each list is checked against a full sort before its time counts, and every time is that of repetitions which take half a
/// second together. Seconds of the wall and of the processor are both printed: on a busy machine only the latter say
/// something. `--beside` takes turns with a command that prints a JSON object with `users_per_s` and `peak_rss_mb`.
@main
enum RecommendationBenchmark {
  static func main() {
    do {
      try run(Options(CommandLine.arguments.dropFirst()))
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
  }

  private static func run(_ options: Options) throws {
    var record = RankingRecord(users: options.users, width: options.width)
    let users = numbers(options.users, options.width, seed: 1)
    print(RankingFigure.titles)
    for count in options.items {
      let candidates = Candidates(
        table: numbers(count, options.width, seed: 2), bias: numbers(1, count, seed: 3))
      for k in options.lengths {
        try check(candidates, users.prefix(1), k)
        for threads in options.threads {
          let figure = RankingFigure(
            items: count, k: k, threads: threads, users: options.users, width: options.width,
            time: Stopwatch.measure { _ = candidates.rank(k, for: users, workers: Workers(threads: threads)) })
          print(figure.line)
          record.ranking.append(figure)
        }
      }
    }
    if let command = options.beside, let count = options.items.last, let k = options.lengths.first {
      record.beside = try turns(with: command, options, items: count, k: k, users)
    }
    record.peakMegabytes = ResidentMemory.peakMegabytes
    print("peak memory \(record.peakMegabytes) MB")
    if let model = options.model { record.answer = try answer(URL(fileURLWithPath: model)) }
    if let path = options.save { try DurableFile.write(record.json, to: URL(fileURLWithPath: path)) }
  }

  /// Ranks in turn with `command`, which the person has given the same sizes.
  private static func turns(
    with command: String, _ options: Options, items: Int, k: Int, _ users: Matrix
  ) throws -> BesideFigure {
    let workers = Workers(threads: options.threads.last ?? 1)
    let candidates = Candidates(table: numbers(items, options.width, seed: 2), bias: numbers(1, items, seed: 3))
    var figure = BesideFigure(command: command, items: items, k: k, threads: workers.threads)
    for _ in 0..<options.pairs {
      let time = Stopwatch.measure(rounds: 1) { _ = candidates.rank(k, for: users, workers: workers) }
      figure.own.append(Double(users.rows) / time.wall)
      let other = try BesideFigure.run(command)
      figure.other.append(other.users_per_s)
      figure.otherPeakMegabytes = max(figure.otherPeakMegabytes, other.peak_rss_mb)
    }
    print(figure.line)
    return figure
  }

  /// Loading a model, and one answer at length 50.
  private static func answer(_ directory: URL) throws -> AnswerFigure {
    _ = try Recommender(directory: directory)
    let loading = Stopwatch.measure { _ = try! Recommender(directory: directory) }
    let recommender = try Recommender(directory: directory)
    let history = (0..<50).map { recommender.items[$0 * 31 % recommender.items.count] }
    let single = Stopwatch.measure { _ = recommender.recommend(history: history) }
    let figure = AnswerFigure(
      items: recommender.items.count, historyLength: history.count, loadingMilliseconds: 1e3 * loading.wall,
      loadingProcessorMilliseconds: 1e3 * loading.processor, answerMilliseconds: 1e3 * single.wall,
      answerProcessorMilliseconds: 1e3 * single.processor)
    print(figure.line)
    return figure
  }

  /// The first user's list is the beginning of a full sort of the same scores.
  private static func check(_ candidates: Candidates, _ user: Matrix, _ k: Int) throws {
    let all = candidates.rank(candidates.count, for: user, workers: Workers(threads: 1))[0].items
    let list = candidates.rank(k, for: user, workers: Workers(threads: 2))[0].items
    guard list == Array(all.sorted(by: RankedItem.precedes).prefix(k)), all.count == candidates.count else {
      throw Options.Fault("the top \(k) of \(candidates.count) is not the beginning of a full sort; it was not timed")
    }
  }

  /// A matrix of numbers around 0.
  private static func numbers(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    let random = CounterRandom(seed: seed, purpose: 0, step: 0)
    let matrix = Matrix(rows: rows, columns: columns)
    matrix.withMutableSpan { for index in $0.indices { $0[index] = Float(random.uniform(UInt64(index))) - 0.5 } }
    return matrix
  }
}
