import Kernels

/// The factor dropout gives one element, written out once more in scalars.
package func dropoutFactor(_ dropout: Dropout, row: Int, column: Int) -> Double {
  var seed = dropout.key &+ UInt64(row) &* 0x9E37_79B9_7F4A_7C15
  seed = (seed ^ (seed >> 30)) &* 0xBF58_476D_1CE4_E5B9
  seed = (seed ^ (seed >> 27)) &* 0x94D0_49BB_1331_11EB
  seed ^= seed >> 31
  var x = UInt32(column) &* 0x9E37_79B1 &+ UInt32(truncatingIfNeeded: seed)
  x = (x ^ (x >> 16)) &* 0x85EB_CA6B &+ UInt32(seed >> 32)
  x = (x ^ (x >> 13)) &* 0xC2B2_AE35
  x ^= x >> 16
  let kept = Double(x >> 8) >= (Double(dropout.probability) * 0x1p24).rounded()
  return kept ? 1 / (1 - Double(dropout.probability)) : 0
}

package enum Reference {
  package static func product<S: Scalar>(_ a: Grid<S>, _ b: Grid<S>) -> Grid<S> {
    Grid(a.rows, b.columns) { r, c in (0..<a.columns).reduce(S(0)) { $0 + a[r, $1] * b[$1, c] } }
  }

  package static func transposed<S>(_ a: Grid<S>) -> Grid<S> { Grid(a.columns, a.rows) { a[$1, $0] } }

  package static func dropped<S: Scalar>(_ x: Grid<S>, _ dropout: Dropout, rowBase: Int) -> Grid<S> {
    Grid(x.rows, x.columns) { x[$0, $1] * S(dropoutFactor(dropout, row: rowBase + $0, column: $1)) }
  }

  package static func layerNormalization<S: Scalar>(
    _ x: Grid<S>, scale: Grid<S>, shift: Grid<S>, epsilon: Float
  ) -> Grid<S> {
    let count = S(Double(x.columns))
    let statistics = (0..<x.rows).map { r in
      let mean = (0..<x.columns).reduce(S(0)) { $0 + x[r, $1] } / count
      let variance = (0..<x.columns).reduce(S(0)) { $0 + (x[r, $1] - mean) * (x[r, $1] - mean) } / count
      return (mean, S(1) / S.sqrt(variance + S(Double(epsilon))))
    }
    return Grid(x.rows, x.columns) { r, c in
      (x[r, c] - statistics[r].0) * statistics[r].1 * scale[0, c] + shift[0, c]
    }
  }

  package static func biased<S: Scalar>(_ x: Grid<S>, _ bias: Grid<S>) -> Grid<S> {
    Grid(x.rows, x.columns) { x[$0, $1] + bias[0, $1] }
  }

  package static func sum<S: Scalar>(_ a: Grid<S>, _ b: Grid<S>) -> Grid<S> {
    Grid(a.rows, a.columns) { a[$0, $1] + b[$0, $1] }
  }

  package static func activated<S: Scalar>(_ x: S, _ activation: Activation) -> S {
    switch activation {
    case .gelu: x * S(0.5) * (S(1) + S.erf(x * S(0.5.squareRoot())))
    case .geluTanh:
      x * S(0.5) * (S(1) + S.tanh(S((2 / Double.pi).squareRoot()) * (x + S(0.044715) * x * x * x)))
    case .relu: x.value > 0 ? x : S(0)
    case .tanh: S.tanh(x)
    }
  }
}
