/// A bias added to every row: `input += bias`.
///
/// - Shapes: `input` `[rows, D]`; `bias` `[1, D]`.
package enum BiasSum {
  /// Adds in place.
  package static func forward(input: Matrix, bias: Matrix) {
    bias.requireVector(input.columns, "bias")
    Processor.kernels.bias_sum_forward(input.window, bias.window)
  }

  /// Accumulates the sum of the rows; the gradient of `input` is `outputGradient` itself.
  package static func backward(outputGradient: Matrix, biasGradient: Matrix) {
    biasGradient.requireVector(outputGradient.columns, "bias gradient")
    Processor.kernels.bias_sum_backward(outputGradient.window, biasGradient.window)
  }
}
