import Foundation
import Kernels
import Testing

/// Storages that are larger than what is written of them.
@Suite struct FloatStorageTests {
  @Test(arguments: [false, true]) func whatIsDiscardedIsZeroAndTheRestStays(isSparse: Bool) {
    let count = 40_000
    let storage = isSparse ? FloatStorage(sparse: count) : FloatStorage(count: count)
    let whole = Matrix(storage: storage, offset: 0, rows: 1, columns: count)
    for range in [0..<count, 1..<3, 500..<3_001, 1_024..<2_048, 39_990..<count, 7..<7] {
      whole.fill(1)
      whole.columns(range).discard()
      let values = whole.values
      #expect(values.indices.allSatisfy { values[$0] == (range.contains($0) ? 0 : 1) }, "\(range)")
    }
  }

  /// Four times the machine's memory can be addressed; what is read and discarded takes none.
  @Test func takesMemoryWhereItIsWritten() throws {
    let count = Int(ProcessInfo.processInfo.physicalMemory)
    let whole = Matrix(storage: FloatStorage(sparse: count), offset: 0, rows: 1, columns: count)
    let before = try residentPages()
    for start in stride(from: 0, to: count - 1_000, by: count / 100) {
      whole.columns(start..<start + 1_000).fill(2)
      #expect(whole[0, start + 999] == 2)
    }
    whole.discard()
    #expect(whole[0, 0] == 0)
    #expect(try residentPages() - before < 5_000)
  }

  private func residentPages() throws -> Int {
    let counts = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    return try #require(Int(counts[1]))
  }
}
