import Foundation

/// The memory this process held.
package enum ResidentMemory {
  /// The most kilobytes that were resident at once since the program started; nil where the system does not say.
  ///
  /// Linux's `VmHWM`. `getrusage` would not do: there a program that another one starts without a copy of itself, as
  /// `posix_spawn` and Python's `subprocess` do, begins with the peak of the one that started it.
  package static var peakKilobytes: Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first
  }

  /// The same in whole megabytes, for tables; 0 where the system does not say.
  package static var peakMegabytes: Int { (peakKilobytes ?? 0) / 1_024 }
}
