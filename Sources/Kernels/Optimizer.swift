import CKernels
import Foundation

/// Adam with decoupled weight decay.
///
///     g = gradientScale · gradient
///     m = β₁ · m + (1 − β₁) · g        v = β₂ · v + (1 − β₂) · g²
///     w = w · (1 − lr · decay) − lr / (1 − β₁ᵗ) · m / (√(v / (1 − β₂ᵗ)) + ε)
///
/// - Source: Loshchilov & Hutter 2019, arXiv:1711.05101; the order of operations of PyTorch.
package enum AdamW {
  /// Overwrites `values`, `first` and `second`, all of one shape without gaps; `step` counts from 1.
  package static func update(
    values: Matrix, gradient: Matrix, first: Matrix, second: Matrix, learningRate: Float, beta1: Float, beta2: Float,
    epsilon: Float, weightDecay: Float, gradientScale: Float, step: Int
  ) {
    gradient.requireCount(values.count, "gradient")
    first.requireCount(values.count, "first moment")
    second.requireCount(values.count, "second moment")
    precondition(values.isContiguous, "values with gaps")
    let options = options(
      learningRate, beta1, beta2, epsilon, weightDecay, gradientScale, step)
    Processor.kernels.adamw(options, values.base, gradient.base, first.base, second.base, values.count)
  }

  /// Updates `rows` of a table alone: `gradient` holds one row for each, no row is named twice.
  ///
  /// The moments and the decay of other rows stand still until they are seen again.
  package static func update(
    rows: [Int32], of values: Matrix, gradient: Matrix, first: Matrix, second: Matrix, learningRate: Float,
    beta1: Float, beta2: Float, epsilon: Float, weightDecay: Float, gradientScale: Float, step: Int
  ) {
    Rows.check(rows, rows: gradient.rows, of: values)
    gradient.require(rows.count, values.columns, "gradient")
    first.require(values.rows, values.columns, "first moment")
    second.require(values.rows, values.columns, "second moment")
    let options = options(
      learningRate, beta1, beta2, epsilon, weightDecay, gradientScale, step)
    for (index, row) in rows.enumerated() {
      let row = Int(row)
      Processor.kernels.adamw(
        options, values.base + row * values.stride, gradient.base + index * gradient.stride,
        first.base + row * first.stride, second.base + row * second.stride, values.columns)
    }
  }

  private static func options(
    _ learningRate: Float, _ beta1: Float, _ beta2: Float, _ epsilon: Float, _ weightDecay: Float,
    _ gradientScale: Float, _ step: Int
  ) -> cloze_adamw {
    precondition(step >= 1, "AdamW step \(step); steps count from 1")
    return cloze_adamw(
      learning_rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weight_decay: weightDecay,
      gradient_scale: gradientScale, first_correction: Float(1 - pow(Double(beta1), Double(step))),
      second_correction: Float(1 - pow(Double(beta2), Double(step))))
  }
}

/// Sums in a fixed order, whatever the number of threads.
package enum Reduction {
  /// Overwrites `into` with the sum of `lanes`, added in their order; `into` may be one of them.
  package static func sum(lanes: [Matrix], into: Matrix) {
    precondition(!lanes.isEmpty && into.isContiguous, "the sum of \(lanes.count) lanes")
    for lane in lanes { lane.requireCount(into.count, "lane") }
    let bases = lanes.map { UnsafePointer($0.base) as UnsafePointer<Float>? }
    bases.withUnsafeBufferPointer {
      Processor.kernels.sum_of_shards($0.baseAddress, lanes.count, into.base, into.count)
    }
  }

  /// The sum of the squares of all numbers.
  package static func sumOfSquares(_ matrix: Matrix) -> Double { dot(matrix, matrix) }

  /// The sum of the products of numbers at the same place.
  package static func dot(_ a: Matrix, _ b: Matrix) -> Double {
    b.require(a.rows, a.columns, "right side of a dot product")
    if a.isContiguous && b.isContiguous { return Processor.kernels.dot(a.base, b.base, a.count) }
    var sum = 0.0
    for row in 0..<a.rows {
      sum += Processor.kernels.dot(a.base + row * a.stride, b.base + row * b.stride, a.columns)
    }
    return sum
  }
}
