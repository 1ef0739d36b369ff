import Kernels

/// Rows of scalars, for references.
package struct Grid<S: Scalar>: Sendable {
  package let rows: Int
  package let columns: Int
  package var values: [S]

  package init(_ rows: Int, _ columns: Int, _ value: (Int, Int) -> S) {
    self.rows = rows
    self.columns = columns
    values = (0..<rows * columns).map { value($0 / columns, $0 % columns) }
  }

  package subscript(row: Int, column: Int) -> S {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }
}

extension Grid where S == Double {
  /// Normal numbers that depend on the shape and `seed` alone, rounded to what a `Float` holds.
  package static func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Grid {
    let random = CounterRandom(seed: seed, purpose: UInt64(rows), step: UInt64(columns))
    return Grid(rows, columns) { Double(Float(random.normal(UInt64($0 * columns + $1)))) }
  }

  package init(_ matrix: Matrix) { self.init(matrix.rows, matrix.columns) { Double(matrix[$0, $1]) } }

  /// The same numbers on a storage of their own, or with a gap of `gap` floats behind every row.
  package func matrix(gap: Int = 0) -> Matrix {
    let storage = Matrix(rows: rows, columns: columns + gap)
    let window = storage.columns(0..<columns)
    window.assign(values.map { Float($0) })
    return window
  }

  /// The largest difference at the same place.
  package func distance(_ matrix: Matrix) -> Double {
    precondition(matrix.rows == rows && matrix.columns == columns, "shapes differ")
    return zip(values, matrix.values).map { abs($0 - Double($1)) }.max() ?? 0
  }
}

/// How far gradients are from the exact derivatives of `loss`, along a random direction of each input in turn.
///
///     |⟨gradient, direction⟩ − derivative| / (‖gradient‖ · ‖direction‖ + 1)       the largest over the inputs
package func derivativeError(
  _ inputs: [Grid<Double>], _ gradients: [Matrix], loss: ([Grid<Dual>]) -> Dual
) -> Double {
  precondition(inputs.count == gradients.count, "\(inputs.count) inputs, \(gradients.count) gradients")
  var worst = 0.0
  for (chosen, (input, gradient)) in zip(inputs, gradients).enumerated() {
    let direction = Grid.random(input.rows, input.columns, seed: 77 + UInt64(chosen))
    let moved = inputs.enumerated().map { index, grid in
      Grid<Dual>(grid.rows, grid.columns) { Dual(grid[$0, $1], index == chosen ? direction[$0, $1] : 0) }
    }
    let claimed = Grid(gradient)
    precondition(claimed.values.count == direction.values.count, "gradient \(chosen) has another shape than its input")
    let along = zip(claimed.values, direction.values).reduce(0) { $0 + $1.0 * $1.1 }
    let norm = claimed.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let length = direction.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    worst = max(worst, abs(along - loss(moved).derivative) / (norm * length + 1))
  }
  return worst
}

/// ⟨output, weights⟩, the scalar whose gradient with respect to `output` is `weights`.
package func weighted<S: Scalar>(_ output: Grid<S>, _ weights: Grid<Double>) -> S {
  zip(output.values, weights.values).reduce(S(0)) { $0 + $1.0 * S($1.1) }
}
