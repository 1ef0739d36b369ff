import Foundation
import InteractionStore
import Interactions
import Kernels

/// Measures the way of a log: CSV → check, CSV → store, store → memory, each checked before its time counts.
///
/// Usage: `ImportBenchmark [ROWS]` prints one JSON object; its own file is made before and taken away afterwards. The log
/// is imported twice, the second time a file four times as long with the same ids: memory must not follow the rows.
@main
enum ImportBenchmark {
  struct Result: Codable {
    let step: String
    let rows: Int
    let megabytes: Double
    let seconds: Double
    let rowsPerSecond: Int
    /// Time on the processor: what a busy machine does not lengthen much.
    let processorSeconds: Double
    let rowsPerProcessorSecond: Int
    /// The greatest memory of the process so far.
    let peakMegabytes: Int
  }

  static func main() throws {
    let rows = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cloze-benchmark-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var results: [Result] = []
    for rows in [rows, 4 * rows] {
      let sample = try SampleLog(rows: rows, at: folder.appendingPathComponent("log.csv"))
      let store = folder.appendingPathComponent("store-\(rows).sqlite")
      results.append(
        try measure("check", rows: rows, bytes: sample.bytes) {
          let report = try LogSource.check(sample.url.path)[0]
          precondition(report.rows.used == rows && report.rows.dropped == 0, "checked \(report.rows)")
        })
      results.append(
        try measure("import", rows: rows, bytes: sample.bytes) {
          let receipt = try InteractionStore.importLog(sample.url.path, into: store)
          precondition(receipt.storeEvents == rows, "imported \(receipt.storeEvents) of \(rows) rows")
        })
    }
    results.append(
      try measure("load", rows: rows, bytes: 0) {
        let log = try InteractionStore.open(folder.appendingPathComponent("store-\(rows).sqlite")).log()
        precondition(log.eventCount == rows, "loaded \(log.eventCount) of \(rows) rows")
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    print(String(decoding: try encoder.encode(results), as: UTF8.self))
  }

  private static func measure(_ step: String, rows: Int, bytes: Int, _ work: () throws -> Void) rethrows -> Result {
    let start = (clock: ContinuousClock.now, processor: clock())
    try work()
    let seconds = (ContinuousClock.now - start.clock) / .seconds(1)
    let processorSeconds = Double(clock() - start.processor) / Double(CLOCKS_PER_SEC)
    return Result(
      step: step, rows: rows, megabytes: Double(bytes) / 1e6, seconds: seconds,
      rowsPerSecond: Int(Double(rows) / seconds), processorSeconds: processorSeconds,
      rowsPerProcessorSecond: Int(Double(rows) / processorSeconds), peakMegabytes: ResidentMemory.peakMegabytes)
  }
}
