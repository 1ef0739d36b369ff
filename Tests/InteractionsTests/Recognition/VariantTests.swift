import Foundation
import Interactions
import TestSupport
import Testing

/// However a log is written, the reader gives exactly that log or refuses it; never another one.
@Suite struct VariantTests {
  private static let parts = 16
  private static let variants = 5_120
  /// Every eighth variant where the program is not optimized, all of them where it is or `CLOZE_ALL_VARIANTS` is set.
  private static let step: Int = {
    if ProcessInfo.processInfo.environment["CLOZE_ALL_VARIANTS"] != nil { return 1 }
    #if DEBUG
      return 8
    #else
      return 1
    #endif
  }()

  @Test(arguments: 0..<parts)
  func aVariantIsReadExactlyOrRefused(part: Int) throws {
    let folder = TestFolder.url.appendingPathComponent("cloze-variants-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("log.txt")
    let perPart = Self.variants / Self.parts
    var (read, tried) = (0, 0)
    for seed in stride(from: part * perPart, to: (part + 1) * perPart, by: Self.step) {
      tried += 1
      let variant = LogVariant(seed: UInt64(seed))
      try Data(variant.bytes).write(to: file)
      do {
        var reader = try LogReader(file.path)
        let (log, summary) = try reader.readLog(maximumBadShare: 0.01)
        let difference = variant.difference(from: log, summary)
        #expect(
          difference == nil,
          "seed \(seed): \(variant.description)\n\(variant.text.prefix(300).debugDescription)\n\(summary.understanding)"
        )
        read += difference == nil ? 1 : 0
      } catch is LogError {
        continue
      }
    }
    #expect(read * 10 >= tried * 6, "only \(read) of \(tried) were read")
  }
}
