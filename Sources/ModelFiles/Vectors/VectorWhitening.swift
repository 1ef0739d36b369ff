import Kernels

/// How vectors from outside are read: on the axes along which items differ most, all of them with the same variance.
///
///     read = (vector − mean) · axesᵀ
///
/// Vectors of language models lie in a narrow cone and differ along a few directions; whitened, each direction can be learned
/// from. A vector that is read has length one in the mean, as a value's embedding counts once.
/// - Source: Su et al. 2021, arXiv:2103.15316.
package struct VectorWhitening: Sendable, Equatable {
  /// `[width]`
  package let mean: [Float]
  /// `[axes, width]`
  package let axes: Matrix

  package init(mean: [Float], axes: Matrix) {
    precondition(mean.count == axes.columns, "a mean of \(mean.count) numbers for axes of \(axes.columns)")
    self.mean = mean
    self.axes = axes
  }

  /// On at most `count` axes of `vectors`, those that hardly vary left out; all numbers are read as 0 where none vary.
  package init(of vectors: Matrix, count: Int) {
    let components = PrincipalComponents(of: vectors, count: min(count, vectors.columns))
    let least = 1e-6 * (components.variances.first ?? 0)
    let kept = max(1, components.variances.count { $0 > least })
    axes = components.axes.prefix(kept)
    mean = components.mean
    for row in 0..<kept {
      let variance = components.variances[row]
      let scale = variance > 0 ? Float(1 / (variance * Double(kept)).squareRoot()) : 0
      for column in 0..<axes.columns { axes[row, column] *= scale }
    }
  }

  /// Whether vectors differ along any axis.
  package var tellsApart: Bool { axes.values.contains { $0 != 0 } }

  /// The vectors in `rows` as they are read, `[rows, axes]`.
  package func read(_ rows: Matrix) -> Matrix {
    precondition(rows.columns == mean.count, "vectors of \(rows.columns) numbers, expected \(mean.count)")
    return rows.places(on: axes, around: mean)
  }

  package static func == (a: VectorWhitening, b: VectorWhitening) -> Bool {
    a.mean == b.mean && a.axes.rows == b.axes.rows && a.axes.values == b.axes.values
  }
}
