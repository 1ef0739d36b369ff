import CKernels
import COpenBLAS
import Foundation

/// General matrix products (`gemm`), each on the calling thread alone.
///
/// A step's products are thin: hundreds of rows, a few dozen to hundreds of columns and depth. There BLAS spends its time on
/// copying and reaches 60–75 % of the arithmetic peak, against 80–86 % of kernels that read the left side in place.
package enum MatrixProduct {
  /// Computes `result = alpha · op(left) · op(right) + beta · result`.
  ///
  /// - Shapes: `op(left)` `[M, K]`, `op(right)` `[K, N]`, `result` `[M, N]`; rows may have gaps.
  /// - Writes: overwrites `result` where `beta` is 0 (NaN included), accumulates where it is 1.
  package static func multiply(
    _ left: Matrix, _ right: Matrix, leftTransposed: Bool = false, rightTransposed: Bool = false, into result: Matrix,
    alpha: Float = 1, beta: Float = 0
  ) {
    let (m, k) = leftTransposed ? (left.columns, left.rows) : (left.rows, left.columns)
    let (inner, n) = rightTransposed ? (right.columns, right.rows) : (right.rows, right.columns)
    precondition(k == inner, "\(m)×\(k) times \(inner)×\(n)")
    precondition(result.rows == m && result.columns == n, "\(m)×\(n) into \(result.rows)×\(result.columns)")
    if m == 0 || n == 0 { return }
    if k == 0 {
      if beta == 0 { result.fill(0) }
      return
    }
    guard isBetterInBLAS(leftTransposed: leftTransposed, rows: m, columns: n) else {
      Processor.kernels.product(
        left.window, leftTransposed ? 1 : 0, right.window, rightTransposed ? 1 : 0, result.window, alpha, beta)
      return
    }
    BLASCore.select()
    cblas_sgemm(
      CblasRowMajor, leftTransposed ? CblasTrans : CblasNoTrans, rightTransposed ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), alpha, left.base, blasint(left.stride), right.base, blasint(right.stride),
      beta, result.base, blasint(result.stride))
  }

  /// The gradient of a large weight matrix needs copies of both sides. Our kernel makes them once for up to 256 columns; beyond
  /// that BLAS is faster, by up to six percent.
  private static func isBetterInBLAS(leftTransposed: Bool, rows: Int, columns: Int) -> Bool {
    leftTransposed && rows * columns > Int(CLOZE_LARGE_RESULT) && columns > Int(CLOZE_COLUMNS_TOGETHER)
  }
}

extension MatrixProduct {
  /// GFLOP/s of one core in a layer's product (1,024 rows, 256 wide; two operations per multiply-add); takes a quarter of
  /// a second.
  package static func measuredGFLOPs() -> Double {
    let (rows, width) = (1024, 256)
    let left = Matrix(rows: rows, columns: width)
    let right = Matrix(rows: width, columns: width)
    let result = Matrix(rows: rows, columns: width)
    left.fill(0.5)
    right.fill(0.25)
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(250)
    var best = 0.0
    while clock.now < end {
      let time = clock.measure { multiply(left, right, into: result) }
      best = max(best, 2 * Double(rows * width * width) / (time / .nanoseconds(1)))
    }
    return best
  }
}

/// The core (set of kernels) that OpenBLAS uses, one thread per caller.
///
/// Versions that do not know a processor fall back to AVX2 kernels at half the speed. Where AVX-512 is available and the library
/// chose none of its AVX-512 cores, it is told to choose SkylakeX. A user's own `OPENBLAS_CORETYPE` is never overridden, and a
/// library built for one core stays as it is.
package enum BLASCore {
  /// The name of the core in use, after the choice.
  package static let name: String = {
    openblas_set_num_threads(1)
    if Processor.level == .avx512, getenv("OPENBLAS_CORETYPE") == nil, !avx512Cores.contains(currentName) {
      choose("SkylakeX")
    }
    return currentName
  }()

  /// The library, its version and its core, for display.
  package static var description: String {
    let configuration = String(cString: openblas_get_config()).split(separator: " ")
    return (configuration.prefix(2) + ["core", Substring(name)]).joined(separator: " ")
  }

  /// Makes the choice, once per process; every call of BLAS makes it first.
  package static func select() { _ = name }

  private static let avx512Cores = ["SkylakeX", "Cooperlake", "SapphireRapids", "Zen5"]
  private static var currentName: String { String(cString: openblas_get_corename()) }

  private static func choose(_ core: String) {
    typealias Function = @convention(c) () -> Void
    guard let quit = dlsym(nil, "gotoblas_dynamic_quit"), let start = dlsym(nil, "gotoblas_dynamic_init") else {
      return
    }
    setenv("OPENBLAS_CORETYPE", core, 1)
    unsafeBitCast(quit, to: Function.self)()
    unsafeBitCast(start, to: Function.self)()
    unsetenv("OPENBLAS_CORETYPE")
    openblas_set_num_threads(1)
  }
}
