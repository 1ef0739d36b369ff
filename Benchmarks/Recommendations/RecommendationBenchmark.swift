import ClozeKit
import Foundation
import Kernels
import SequentialModels

/// Measures exact ranking over items, list lengths and threads; with a model directory also loading and single answers.
///
///     RecommendationBenchmark [--items 10000,1000000] [--k 10,1000] [--width 64] [--users 512] [--model DIR]
///
/// Each list is checked against a full sort before its time counts. Seconds of the wall and of the processor are both
/// printed: on a busy machine only the latter say something.
@main
enum RecommendationBenchmark {
  static func main() throws {
    let options = try Options(CommandLine.arguments.dropFirst())
    let users = normal(options.users, options.width, seed: 1)
    print("items      k     threads  users/s  users/processor-s  GFLOP/processor-s")
    for count in options.items {
      let candidates = Candidates(
        table: normal(count, options.width, seed: 2), bias: normal(1, count, seed: 3))
      for k in options.lengths {
        try check(candidates, users.prefix(1), k)
        for threads in [1, 2] {
          let workers = Workers(threads: threads)
          let time = best { _ = candidates.rank(k, for: users, workers: workers) }
          let work = 2e-9 * Double(options.users) * Double(count) * Double(options.width)
          print(
            pad(count, 11) + pad(k, 6) + pad(threads, 9)
              + String(
                format: "%7.0f  %17.0f  %17.1f", Double(options.users) / time.wall,
                Double(options.users) / time.processor, work / time.processor))
        }
      }
    }
    print("peak memory \(peakMegabytes()) MB")
    if let model = options.model { try answer(URL(fileURLWithPath: model)) }
  }

  /// Loading a model, and one answer at length 50.
  private static func answer(_ directory: URL) throws {
    _ = try Recommender(directory: directory)
    let loading = best { _ = try! Recommender(directory: directory) }
    let recommender = try Recommender(directory: directory)
    let history = (0..<50).map { recommender.items[$0 * 31 % recommender.items.count] }
    _ = recommender.recommend(history: history)
    let single = best { for _ in 0..<20 { _ = recommender.recommend(history: history) } }
    print(String(format: "loading %.1f ms (processor %.1f ms)", 1e3 * loading.wall, 1e3 * loading.processor))
    print(
      String(
        format: "one answer at length 50: %.2f ms (processor %.2f ms)", 50 * single.wall, 50 * single.processor))
  }

  /// The first user's list is the beginning of a full sort of the same scores.
  private static func check(_ candidates: Candidates, _ user: Matrix, _ k: Int) throws {
    let all = candidates.rank(candidates.count, for: user, workers: Workers(threads: 1))[0].items
    let list = candidates.rank(k, for: user, workers: Workers(threads: 2))[0].items
    guard list == Array(all.sorted(by: RankedItem.precedes).prefix(k)), all.count == candidates.count else {
      throw Options.Fault("the top \(k) of \(candidates.count) is not the beginning of a full sort; it was not timed")
    }
  }

  /// The best of three runs; the processor's time is that of all threads together.
  private static func best(_ body: () -> Void) -> (wall: Double, processor: Double) {
    var best = (wall: Double.infinity, processor: Double.infinity)
    for _ in 0..<3 {
      let (wall, processor) = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
      body()
      best.wall = min(best.wall, seconds(CLOCK_MONOTONIC) - wall)
      best.processor = min(best.processor, seconds(CLOCK_PROCESS_CPUTIME_ID) - processor)
    }
    return best
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1_024
  }

  private static func pad(_ number: Int, _ width: Int) -> String {
    String(number).padding(toLength: width, withPad: " ", startingAt: 0)
  }

  /// A matrix of numbers around 0.
  private static func normal(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    let random = CounterRandom(seed: seed, purpose: 0, step: 0)
    let matrix = Matrix(rows: rows, columns: columns)
    matrix.withMutableSpan { for index in $0.indices { $0[index] = Float(random.uniform(UInt64(index))) - 0.5 } }
    return matrix
  }
}

/// What was asked on the command line.
struct Options {
  struct Fault: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
  }

  var items = [10_000, 100_000, 1_000_000]
  var lengths = [10, 100, 1_000]
  var width = 64
  var users = 512
  var model: String?

  init(_ words: some Collection<String>) throws {
    var words = Array(words)
    while words.count >= 2 {
      let numbers = words[1].split(separator: ",").compactMap { Int($0) }.filter { $0 > 0 }
      switch (words[0], numbers.first) {
      case ("--items", .some): items = numbers
      case ("--k", .some): lengths = numbers
      case ("--width", .some(let value)): width = value
      case ("--users", .some(let value)): users = value
      case ("--model", _): model = words[1]
      default: throw Fault("\(words[0]) \(words[1]) is not understood")
      }
      words.removeFirst(2)
    }
    if let left = words.first { throw Fault("\(left) needs a value") }
  }
}
