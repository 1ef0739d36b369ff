import COpenBLAS

/// Products of matrices through BLAS, each on the calling thread alone.
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
    BLASCore.select()
    cblas_sgemm(
      CblasRowMajor, leftTransposed ? CblasTrans : CblasNoTrans, rightTransposed ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), scale, left.base, blasint(left.stride), right.base, blasint(right.stride),
      keep, result.base, blasint(result.stride))
  }
}
