import Foundation
import Kernels

/// The machine a figure was measured on, and how fast its arithmetic is.
package struct MachineSummary: Codable, Sendable, Equatable {
  package var processor: String
  /// Cores the program may use.
  package var cores: Int
  /// The instructions the kernels run with: `default`, `v3` (AVX2) or `v4` (AVX-512).
  package var kernels: String
  /// The BLAS library, its version and its core.
  package var blas: String
  /// Multiply-adds in registers on one core: the peak of 32-bit arithmetic.
  package var peakGFLOPs: Double
  /// Matrix products on one core.
  package var productGFLOPs: Double

  /// Asks this machine; takes half a second.
  package static func measured() -> MachineSummary {
    MachineSummary(
      processor: Processor.name, cores: ProcessInfo.processInfo.activeProcessorCount, kernels: Processor.level.name,
      blas: BLASCore.description, peakGFLOPs: Processor.measuredGFLOPs(),
      productGFLOPs: MatrixProduct.measuredGFLOPs())
  }
}
