import Foundation

/// Users per second in turn with another program: a ratio of medians, whatever else the machine does.
struct BesideFigure: Codable {
  /// What the other program prints.
  struct Output: Decodable {
    var users_per_s: Double
    var peak_rss_mb: Int
  }

  let command: String
  let items, k, threads: Int
  var own: [Double] = []
  var other: [Double] = []
  var otherPeakMegabytes = 0

  init(command: String, items: Int, k: Int, threads: Int) {
    self.command = command
    (self.items, self.k, self.threads) = (items, k, threads)
  }

  var line: String {
    let (ours, theirs) = (Self.median(own), Self.median(other))
    let figures = String(format: "%.0f users/s beside %.0f: × %.2f", ours, theirs, ours / theirs)
    return "\(items) items, k \(k): \(figures); `\(command)` held \(otherPeakMegabytes) MB"
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// Runs `command` in a shell and reads what it prints.
  static func run(_ command: String) throws -> Output {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.standardOutput = pipe
    try process.run()
    let text = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0, let output = try? JSONDecoder().decode(Output.self, from: text) else {
      throw Options.Fault("`\(command)` printed no JSON object with users_per_s and peak_rss_mb")
    }
    return output
  }
}
