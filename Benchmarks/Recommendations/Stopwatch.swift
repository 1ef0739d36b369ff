import Foundation

/// The seconds of one run of something, on the wall and on all processors together.
struct Stopwatch {
  let wall: Double
  let processor: Double

  /// Repeats `body` until that takes half a second, `rounds` times over, and keeps the best round of each clock.
  static func measure(rounds: Int = 3, _ body: () -> Void) -> Stopwatch {
    let once = round(1, body)
    let repetitions = max(1, Int((0.5 / max(once.wall, 1e-6)).rounded(.up)))
    let all = (0..<rounds).map { _ in round(repetitions, body) }
    return Stopwatch(wall: all.map(\.wall).min() ?? 0, processor: all.map(\.processor).min() ?? 0)
  }

  private static func round(_ repetitions: Int, _ body: () -> Void) -> Stopwatch {
    let (wall, processor) = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
    for _ in 0..<repetitions { body() }
    return Stopwatch(
      wall: (seconds(CLOCK_MONOTONIC) - wall) / Double(repetitions),
      processor: (seconds(CLOCK_PROCESS_CPUTIME_ID) - processor) / Double(repetitions))
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
