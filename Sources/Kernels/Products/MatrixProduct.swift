import CKernels
import COpenBLAS

/// Products of matrices, each on the calling thread alone.
///
/// A step's products are thin: hundreds of rows, a few dozen to hundreds of columns and depth. There BLAS spends its time on
/// copying and reaches 60–75 % of the arithmetic peak, against 80–86 % of kernels that read the left side where it lies.
package enum MatrixProduct {
  /// Multiplies: `result = scale · op(left) · op(right) + keep · result`.
  ///
  /// - Shapes: `op(left)` `[M, K]`, `op(right)` `[K, N]`, `result` `[M, N]`; rows may have gaps.
  /// - Writes: overwrites `result` where `keep` is 0 (whatever stood there), accumulates where it is 1.
  package static func multiply(
    _ left: Matrix, _ right: Matrix, leftTransposed: Bool = false, rightTransposed: Bool = false, into result: Matrix,
    scale: Float = 1, keep: Float = 0
  ) {
    let (m, k) = leftTransposed ? (left.columns, left.rows) : (left.rows, left.columns)
    let (inner, n) = rightTransposed ? (right.columns, right.rows) : (right.rows, right.columns)
    precondition(k == inner, "\(m)×\(k) times \(inner)×\(n)")
    precondition(result.rows == m && result.columns == n, "\(m)×\(n) into \(result.rows)×\(result.columns)")
    if m == 0 || n == 0 { return }
    if k == 0 {
      if keep == 0 { result.fill(0) }
      return
    }
    guard isBetterInBLAS(leftTransposed: leftTransposed, rows: m, columns: n) else {
      Processor.kernels.product(
        left.window, leftTransposed ? 1 : 0, right.window, rightTransposed ? 1 : 0, result.window, scale, keep)
      return
    }
    BLASCore.select()
    cblas_sgemm(
      CblasRowMajor, leftTransposed ? CblasTrans : CblasNoTrans, rightTransposed ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), scale, left.base, blasint(left.stride), right.base, blasint(right.stride),
      keep, result.base, blasint(result.stride))
  }

  /// The gradient of a large weight matrix needs copies of both sides. Our kernel makes them once where all columns go
  /// together; where they do not BLAS is better, by up to six percent.
  private static func isBetterInBLAS(leftTransposed: Bool, rows: Int, columns: Int) -> Bool {
    leftTransposed && rows * columns > Int(CLOZE_LARGE_RESULT) && columns > Int(CLOZE_COLUMNS_TOGETHER)
  }
}
