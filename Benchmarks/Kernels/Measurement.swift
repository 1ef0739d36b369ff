import Foundation
import Kernels

/// A kernel with its data: what it must get right before its time counts, and how much work it does.
struct Measurement {
  var name: String
  var unit: Figure.Unit
  /// Operations (a multiply-add is two) or bytes of one run.
  var work: Double
  /// A fault in the result of `run`, in words; nil where it is right.
  var fault: () -> String?
  var run: () -> Void

  /// Runs for `seconds` and takes the best time: other programs can only lengthen it.
  func figure(peak: Double, seconds: Double) throws -> Figure {
    run()
    if let fault = fault() { throw WrongResult(kernel: name, fault: fault) }
    var best = Double.infinity
    var spent = 0.0
    var repetitions = 1
    while spent < seconds {
      let start = Self.nanoseconds()
      for _ in 0..<repetitions { run() }
      let time = Self.nanoseconds() - start
      spent += time / 1e9
      best = min(best, time / Double(repetitions))
      repetitions = max(1, Int(100_000 / best))
    }
    let rate = work / best
    return Figure(
      name: name, rate: rate, unit: unit, shareOfPeak: unit == .arithmetic ? rate / peak : nil,
      microseconds: best / 1e3)
  }

  private static func nanoseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
}

struct WrongResult: Error, CustomStringConvertible {
  var kernel: String
  var fault: String
  var description: String { "\(kernel): \(fault); it was not timed" }
}

/// A matrix of normal numbers.
func normal(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
  let random = CounterRandom(seed: seed, purpose: UInt64(rows), step: UInt64(columns))
  return Matrix(rows: rows, columns: columns, (0..<rows * columns).map { Float(random.normal(UInt64($0))) })
}

/// Says so where `found` is further from `expected` than `tolerance`.
func differs(_ what: String, _ found: Double, from expected: Double, by tolerance: Double) -> String? {
  abs(found - expected) <= tolerance ? nil : "\(what) is \(found), \(expected) is due"
}
