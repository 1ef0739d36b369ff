import Kernels

/// A dense layer whose bias is added by whatever follows it, which has the row in its hands anyway.
///
///     output = input · weightᵀ
///
/// - Shapes: `weight` `[out, in]` (as in Hugging Face files), `input` `[rows, in]`, `output` `[rows, out]`.
package enum Linear {
  package static func forward(_ input: Matrix, weight: Matrix, output: Matrix) {
    MatrixProduct.multiply(input, weight, rightTransposed: true, into: output)
  }

  /// Overwrites `inputGradient` (or adds to it, where `beta` is 1) and accumulates `weightGradient`.
  package static func backward(
    _ outputGradient: Matrix, input: Matrix, weight: Matrix, inputGradient: Matrix?, beta: Float = 0,
    weightGradient: Matrix
  ) {
    MatrixProduct.multiply(outputGradient, input, leftTransposed: true, into: weightGradient, beta: 1)
    if let inputGradient {
      MatrixProduct.multiply(outputGradient, weight, into: inputGradient, beta: beta)
    }
  }
}
