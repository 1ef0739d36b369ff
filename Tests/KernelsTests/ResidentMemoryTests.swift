import Foundation
import Kernels
import Testing

@Suite struct ResidentMemoryTests {
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")))
  func whatIsWrittenShows() throws {
    let before = try #require(ResidentMemory.peakKilobytes)
    let now = try #require(Self.residentKilobytes())
    // More than lies between now and the peak, so that the peak must rise.
    let count = (before - now + 65_536) * 1_024
    let block = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 4_096)
    block.initializeMemory(as: UInt8.self, repeating: 1, count: count)
    let after = try #require(ResidentMemory.peakKilobytes)
    block.deallocate()
    #expect(after > before + 16_384)
    // The system counts by the page and hands in what it counted now and then.
    #expect(try #require(ResidentMemory.peakKilobytes) > after - 1_024, "a peak does not fall")
  }

  private static func residentKilobytes() -> Int? {
    let fields = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    return fields.flatMap { Int($0[1]) }.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) / 1_024 }
  }
}
