import CKernels
import Foundation

/// The processor this program runs on, and which kernels it gets.
package enum Processor {
  /// A set of instructions the kernels were compiled for.
  package enum Level: Int, CaseIterable, Sendable, Comparable {
    case baseline, avx2, avx512

    package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    /// The names `CLOZE_CPU` takes: `default`, `v3`, `v4`.
    package var name: String { ["default", "v3", "v4"][rawValue] }
  }

  /// The level the kernels run at: the best one, or what `CLOZE_CPU` says where that is lower.
  package static let level: Level = forced(by: ProcessInfo.processInfo.environment["CLOZE_CPU"], best: best)

  /// The best level of this processor.
  package static let best = Level(rawValue: Int(cloze_best_level().rawValue)) ?? .baseline

  /// What the setting `name` makes of `best`: never higher, and unchanged where the name is unknown.
  package static func forced(by name: String?, best: Level) -> Level {
    guard let asked = Level.allCases.first(where: { $0.name == name }) else { return best }
    return min(asked, best)
  }

  /// What the processor calls itself.
  package static var name: String {
    let name = String(cString: cloze_processor_name())
    return name.isEmpty ? "unknown processor" : name
  }

  /// Multiply-adds per second of one core at the current level, in GFLOP/s (two per multiply-add); takes a quarter of a second.
  package static func measuredGFLOPs() -> Double {
    let clock = ContinuousClock()
    let rounds = 1_000_000
    var best = 0.0
    let end = clock.now + .milliseconds(250)
    while clock.now < end {
      var operations = 0.0
      let time = clock.measure { operations = kernels.arithmetic_peak(rounds) }
      best = max(best, operations / (time / .nanoseconds(1)))
    }
    return best
  }

  /// The kernels of the current level.
  static let kernels: cloze_kernels = cloze_kernels_at(cloze_level(UInt32(level.rawValue))).pointee
}

extension Matrix {
  /// The window as C sees it.
  var window: cloze_matrix { cloze_matrix(base: base, rows: rows, columns: columns, stride: stride) }
}

extension Matrix? {
  /// The window as C sees it; without a base where there is no matrix.
  var window: cloze_matrix { self?.window ?? cloze_matrix(base: nil, rows: 0, columns: 0, stride: 0) }
}

extension Matrix {
  /// Checks the shape a kernel expects.
  func require(_ rows: Int, _ columns: Int, _ name: StaticString) {
    precondition(
      self.rows == rows && self.columns == columns,
      "\(name): \(self.rows)×\(self.columns) where \(rows)×\(columns) is due")
  }

  /// Checks a vector, a matrix of one row, of `count` numbers.
  func requireVector(_ count: Int, _ name: StaticString) { require(1, count, name) }

  /// Checks numbers without gaps, in any shape.
  func requireCount(_ count: Int, _ name: StaticString) {
    precondition(
      isContiguous && self.count == count, "\(name): \(self.count) numbers in \(rows) rows, \(count) are due")
  }
}
