import ArgumentParser
import Foundation
import Interactions
import Kernels

/// Seconds per step as one size grows and the others stand still, with the exponent that fits.
struct ScalingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scaling", abstract: "Seconds per step over threads, length, items and hidden size.")

  @Option(help: "Only this table: threads, length, items, hidden, sampled, mixed.") var only: String?
  @Option var steps = 5

  func run() throws {
    var base = try StepOptions.parse([])
    base.steps = steps
    base.warmup = 2
    table("threads", [1, 2], base) { $0.threads = $1 }
    // The same number of positions in every step, so that only what grows with the length shows.
    table("length", [25, 50, 100, 200, 400, 1_000], base, users: { 400_000 / $0 }) {
      $0.length = $1
      $0.batch = 25_600 / $1
    }
    table("items", [1_000, 10_000, 100_000, 1_000_000], base, items: { $0 }) { options, _ in options.batch = 32 }
    table("sampled", [10_000, 100_000, 1_000_000], base, items: { $0 }) { options, _ in
      options.batch = 32
      options.loss = "sampledSoftmax"
    }
    table("hidden", [32, 64, 128, 256], base) { $0.hidden = $1 }
    mixed(base)
  }

  /// One row for each of `sizes`.
  private func table(
    _ name: String, _ sizes: [Int], _ base: StepOptions, users: (Int) -> Int = { _ in 2_000 },
    items: (Int) -> Int = { _ in 3_416 },
    _ change: (inout StepOptions, Int) -> Void
  ) {
    if let only, only != name { return }
    print("\(name)\tseconds/step\ttokens/s\tGFLOP/s\tpeak MB")
    var points: [(Double, Double)] = []
    for size in sizes {
      var options = base
      change(&options, size)
      var run = StepRun(
        MadeUpLog.of(users: users(size), items: items(size), lengths: [options.length + 2]), options)
      let (seconds, tokens, work, _) = run.median()
      points.append((log(Double(size)), log(seconds)))
      print(
        "\(size)\t" + String(format: "%.4f\t%.0f\t%.1f", seconds, tokens / seconds, work / seconds / 1e9)
          + "\t\(ResidentMemory.peakMegabytes)")
    }
    let slopes = zip(points, points.dropFirst()).map { ($1.1 - $0.1) / ($1.0 - $0.0) }
    print(
      String(format: "exponent %.2f", exponent(points)) + ", between neighbors "
        + slopes.map { String(format: "%.2f", $0) }.joined(separator: " ") + "\n")
  }

  /// Short histories in a batch with long ones, against each kind alone.
  private func mixed(_ base: StepOptions) {
    if let only, only != "mixed" { return }
    print("histories\tseconds/step\ttokens/s")
    var times: [Double] = []
    for (name, lengths) in [("10 long", [10]), ("200 long", [200]), ("half and half", [10, 200])] {
      var run = StepRun(MadeUpLog.of(users: 2_000, items: 3_416, lengths: lengths.map { $0 + 2 }), base)
      let (seconds, tokens, _, _) = run.median()
      times.append(seconds)
      print("\(name)\t" + String(format: "%.4f\t%.0f", seconds, tokens / seconds))
    }
    print(
      String(
        format: "the mixed step takes %.2f of the mean of the two others\n", times[2] / ((times[0] + times[1]) / 2)))
  }

  /// The slope of the least-squares line through logarithms.
  private func exponent(_ points: [(Double, Double)]) -> Double {
    let n = Double(points.count)
    let (x, y) = (points.reduce(0) { $0 + $1.0 } / n, points.reduce(0) { $0 + $1.1 } / n)
    return points.reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) } / points.reduce(0) { $0 + ($1.0 - x) * ($1.0 - x) }
  }
}

/// Histories of given lengths whose items are drawn evenly.
enum MadeUpLog {
  static func of(users: Int, items: Int, lengths: [Int]) -> InteractionLog {
    var events: [ItemID] = []
    var offsets = [0]
    var state: UInt64 = 7
    for user in 0..<users {
      for _ in 0..<lengths[user % lengths.count] {
        // Knuth's MMIX generator; the high bits are the good ones.
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        events.append(ItemID(Int(state >> 33) % items))
      }
      offsets.append(events.count)
    }
    return InteractionLog(
      users: Catalog((0..<users).map { "u\($0)" }), items: Catalog((0..<items).map { "i\($0)" }), offsets: offsets,
      events: events)
  }
}
