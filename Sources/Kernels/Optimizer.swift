import CKernels
import Foundation

/// One update by Adam with decoupled weight decay: its hyperparameters and its number.
///
///     g = gradientScale · gradient
///     m = β₁ · m + (1 − β₁) · g        v = β₂ · v + (1 − β₂) · g²
///     w = w · (1 − lr · decay) − lr / (1 − β₁ᵗ) · m / (√(v / (1 − β₂ᵗ)) + ε)
///
/// - Source: Loshchilov & Hutter 2019, arXiv:1711.05101; the order of operations of PyTorch.
package struct AdamW: Sendable {
  private let parameters: cloze_adamw

  /// - Parameters:
  ///   - gradientScale: a factor on the gradient, such as that of clipping.
  ///   - step: the number of the update, from 1.
  package init(
    learningRate: Float, beta1: Float, beta2: Float, epsilon: Float, weightDecay: Float, gradientScale: Float, step: Int
  ) {
    precondition(step >= 1, "AdamW step \(step); steps count from 1")
    parameters = cloze_adamw(
      learning_rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weight_decay: weightDecay,
      gradient_scale: gradientScale, first_correction: Float(1 - pow(Double(beta1), Double(step))),
      second_correction: Float(1 - pow(Double(beta2), Double(step))))
  }

  /// Overwrites `values` and both moments, `first` and `second`; all four are of one shape, without gaps.
  package func update(values: Matrix, gradient: Matrix, first: Matrix, second: Matrix) {
    gradient.requireCount(values.count, "gradient")
    first.requireCount(values.count, "first moment")
    second.requireCount(values.count, "second moment")
    precondition(values.isContiguous, "values with gaps")
    Processor.kernels.adamw(parameters, values.base, gradient.base, first.base, second.base, values.count)
  }
}

/// Sums in a fixed order, on any number of threads.
package enum Reduction {
  /// Overwrites `into` with the sum of `shards`, added in their order; `into` may be one of them.
  package static func sum(shards: [Matrix], into: Matrix) {
    precondition(!shards.isEmpty && into.isContiguous, "the sum of \(shards.count) shards")
    for shard in shards { shard.requireCount(into.count, "shard") }
    let bases = shards.map { UnsafePointer($0.base) as UnsafePointer<Float>? }
    bases.withUnsafeBufferPointer {
      Processor.kernels.sum_of_shards($0.baseAddress, shards.count, into.base, into.count)
    }
  }

  /// The sum of the squares of all elements.
  package static func sumOfSquares(_ matrix: Matrix) -> Double { dot(matrix, matrix) }

  /// The dot product: blocks of 1,024 products in single precision, their sums in double. Both are of one shape.
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
