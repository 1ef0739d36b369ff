import Kernels
import Testing

@Suite struct MeasurementTests {
  @Test func productsStayBelowAnyProcessorsPeakAndAboveNothing() {
    let measured = MatrixProduct.measuredGFLOPs()
    #expect(measured > 0.1)
    #expect(measured < 2_000)
  }
}
