import CKernels

/// Normalizes every row to zero mean and unit variance, scales and shifts it, and drops some of the result.
///
///     output = dropout((input − mean) · r · scale + shift)        r = 1 / √(variance + epsilon)
///
/// - Shapes: `input`, `output` `[rows, D]`; `scale`, `shift` `[1, D]`; `mean`, `reciprocal` `rows` numbers in any shape.
/// - Source: Ba, Kiros & Hinton 2016, arXiv:1607.06450.
package enum LayerNormalization {
  /// Overwrites `output`, which may alias `input` no more than wholly, `mean` and `reciprocal`.
  package static func forward(
    input: Matrix, scale: Matrix, shift: Matrix, epsilon: Float, dropout: Dropout, rowBase: Int, output: Matrix,
    mean: Matrix, reciprocal: Matrix
  ) {
    output.require(input.rows, input.columns, "output")
    let norm = parameters(scale, shift, mean, reciprocal, epsilon, of: input)
    Processor.kernels.layer_normalization_forward(
      input.window, norm, dropout.parameters(rowBase: rowBase), output.window)
  }

  /// Overwrites `inputGradient`, which may alias `outputGradient`; accumulates into the gradients of scale and shift.
  package static func backward(
    outputGradient: Matrix, input: Matrix, scale: Matrix, mean: Matrix, reciprocal: Matrix, dropout: Dropout,
    rowBase: Int, inputGradient: Matrix, scaleGradient: Matrix, shiftGradient: Matrix
  ) {
    outputGradient.require(input.rows, input.columns, "output gradient")
    inputGradient.require(input.rows, input.columns, "input gradient")
    scaleGradient.requireVector(input.columns, "scale gradient")
    shiftGradient.requireVector(input.columns, "shift gradient")
    let norm = parameters(scale, shiftGradient, mean, reciprocal, 0, of: input)
    Processor.kernels.layer_normalization_backward(
      outputGradient.window, input.window, norm, dropout.parameters(rowBase: rowBase), inputGradient.window,
      scaleGradient.window, shiftGradient.window)
  }

  /// The checked parameters of a normalization of `rows`.
  static func parameters(
    _ scale: Matrix, _ shift: Matrix, _ mean: Matrix, _ reciprocal: Matrix, _ epsilon: Float, of rows: Matrix
  ) -> cloze_normalization {
    scale.requireVector(rows.columns, "scale")
    shift.requireVector(rows.columns, "shift")
    mean.requireCount(rows.rows, "mean")
    reciprocal.requireCount(rows.rows, "reciprocal")
    return cloze_normalization(
      scale: scale.window, shift: shift.window, mean: mean.window, reciprocal: reciprocal.window, epsilon: epsilon)
  }
}
