import Kernels
import Testing

@Suite struct ProcessorTests {
  @Test func theLevelCanBeForcedDownButNotUp() {
    #expect(Processor.forced(by: nil, best: .avx2) == .avx2)
    #expect(Processor.forced(by: "default", best: .avx512) == .baseline)
    #expect(Processor.forced(by: "v3", best: .avx512) == .avx2)
    #expect(Processor.forced(by: "v4", best: .avx2) == .avx2)
    #expect(Processor.forced(by: "fastest", best: .avx2) == .avx2)
    #expect(Processor.level <= Processor.best)
  }

  @Test func theMachineIsDescribed() {
    #expect(!Processor.name.isEmpty)
    #expect(Processor.measuredGFLOPs() > 0)
    #expect(MatrixProduct.measuredGFLOPs() > 0)
    #expect(BLASCore.description.hasPrefix("OpenBLAS"))
    #expect(BLASCore.description.hasSuffix("core \(BLASCore.name)"))
  }
}
