import Foundation
import Kernels

/// How fast one kernel ran.
struct Figure: Codable, Equatable {
  enum Unit: String, Codable {
    case arithmetic = "GFLOP/s"
    case traffic = "GB/s"
  }

  var name: String
  var rate: Double
  var unit: Unit
  /// Of the multiply-adds one core can do; arithmetic alone has one.
  var shareOfPeak: Double?
  var microseconds: Double
}

/// All figures of one run, with the machine they belong to.
struct FigureRecord: Codable {
  var processor = Processor.name
  var kernels = Processor.level.name
  var blas = BLASCore.description
  /// Of one core, in GFLOP/s.
  var peak = Processor.measuredGFLOPs()
  var figures: [Figure] = []

  static func read(_ path: String) throws -> FigureRecord {
    try JSONDecoder().decode(FigureRecord.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(self)
    }
  }
}

extension Figure {
  /// One readable line; beside a baseline's figure, how many times as fast.
  func line(against baseline: Figure?) -> String {
    var line = name.padding(toLength: 56, withPad: " ", startingAt: 0)
    line += String(format: "%10.1f µs %8.1f ", microseconds, rate) + unit.rawValue
    if let shareOfPeak { line += String(format: " %5.1f %% of peak", 100 * shareOfPeak) }
    if let baseline { line += String(format: "   × %.2f", rate / baseline.rate) }
    return line
  }
}
