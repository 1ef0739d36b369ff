import CKernels
import Foundation

/// The processor this program runs on, and the level of kernels it gets.
package enum Processor {
  /// An instruction set the kernels are compiled for.
  package enum Level: Int, CaseIterable, Sendable, Comparable {
    case baseline, avx2, avx512

    package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    /// The names `CLOZE_CPU` takes: `default`, `v3`, `v4`.
    package var name: String { ["default", "v3", "v4"][rawValue] }
  }

  /// The level of the kernels: the best one, or that of the environment variable `CLOZE_CPU` where it is lower.
  package static let level: Level = forced(by: ProcessInfo.processInfo.environment["CLOZE_CPU"], best: best)

  /// The best level this processor and its operating system support.
  package static let best = Level(rawValue: Int(cloze_best_level().rawValue)) ?? .baseline

  /// The level named `name`, `best` at most; `best` where the name is unknown.
  package static func forced(by name: String?, best: Level) -> Level {
    guard let named = Level.allCases.first(where: { $0.name == name }) else { return best }
    return min(named, best)
  }

  /// The processor's brand string.
  package static var name: String {
    let name = String(cString: cloze_processor_name())
    return name.isEmpty ? "unknown processor" : name
  }

  /// The arithmetic peak of one core at the current level, in GFLOP/s (a multiply-add is two); takes a quarter of a second.
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

/// The memory of the machine, or of the container that the process runs in.
package enum MachineMemory {
  /// nil where the system does not say.
  package static var bytes: Int? {
    var pages: [Int] = []
    if let info = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) {
      for line in info.split(separator: "\n") where line.hasPrefix("MemTotal:") || line.hasPrefix("SwapTotal:") {
        if let kilobytes = line.split(whereSeparator: \.isWhitespace).compactMap({ Int($0) }).first {
          pages.append(kilobytes * 1_024)
        }
      }
    }
    let all = pages.isEmpty ? nil : pages.reduce(0, +)
    guard let limit = try? String(contentsOfFile: "/sys/fs/cgroup/memory.max", encoding: .utf8),
      let bytes = Int(limit.trimmingCharacters(in: .whitespacesAndNewlines))
    else { return all }
    return min(all ?? bytes, bytes)
  }
}

/// The resident memory of this process.
package enum ResidentMemory {
  /// The peak since the program started, in kilobytes; nil where the system does not say.
  ///
  /// Linux's `VmHWM`. The peak of `getrusage` is inherited from the parent by a program started through `vfork`, as
  /// `posix_spawn` and Python's `subprocess` do.
  package static var peakKilobytes: Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first
  }

  /// The same in whole megabytes, for tables; 0 where the system does not say.
  package static var peakMegabytes: Int { (peakKilobytes ?? 0) / 1_024 }
}
