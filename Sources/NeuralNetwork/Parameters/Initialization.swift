import Kernels

/// The values a tensor starts from.
package enum Initialization: Sendable {
  /// Normal with mean 0, cut at two standard deviations, as BERT and BERT4Rec start their matrices.
  case normal(deviation: Double)
  case constant(Float)

  /// Overwrites `matrix`; the same `random` gives the same numbers.
  package func fill(_ matrix: Matrix, random: CounterRandom) {
    switch self {
    case .constant(let value): matrix.fill(value)
    case .normal(let deviation):
      var element: UInt64 = 0
      for row in 0..<matrix.rows {
        for column in 0..<matrix.columns {
          var draw = random.normal(element)
          element += 1
          while abs(draw) > 2 {
            draw = random.normal(element)
            element += 1
          }
          matrix[row, column] = Float(draw * deviation)
        }
      }
    }
  }
}
