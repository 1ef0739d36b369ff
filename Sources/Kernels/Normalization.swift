import CKernels

/// Layer normalization: every row gets zero mean and unit variance, is scaled and shifted; then dropout.
///
///     output = dropout((input − mean) · r · scale + shift)        r = 1 / √(variance + epsilon)
///
/// - Shapes: `input`, `output` `[rows, D]`; `scale`, `shift` `[1, D]`; `mean`, `reciprocal` `rows` elements in any shape.
/// - Source: Ba, Kiros & Hinton 2016, arXiv:1607.06450.
package enum LayerNormalization {
  /// Overwrites `output` (the same window as `input`, or one that does not overlap it), `mean` and `reciprocal`.
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

/// The end of a post-norm block: bias, dropout, residual and normalization.
///
///     sum = residual + dropout(branch + bias)        output = normalization(sum) · scale + shift
///
/// - Shapes: all matrices `[rows, D]`; `bias`, `scale`, `shift` `[1, D]`; `mean`, `reciprocal` `rows` elements.
/// - Source: Vaswani et al. 2017, arXiv:1706.03762; the order of Devlin et al. 2018.
package enum ResidualNormalization {
  /// Overwrites `branch` with the sum, and `output`, `mean` and `reciprocal`.
  package static func forward(
    branch: Matrix, bias: Matrix, residual: Matrix, scale: Matrix, shift: Matrix, epsilon: Float, dropout: Dropout,
    rowBase: Int, output: Matrix, mean: Matrix, reciprocal: Matrix
  ) {
    bias.requireVector(branch.columns, "bias")
    residual.require(branch.rows, branch.columns, "residual")
    output.require(branch.rows, branch.columns, "output")
    let norm = LayerNormalization.parameters(scale, shift, mean, reciprocal, epsilon, of: branch)
    Processor.kernels.residual_normalization_forward(
      branch.window, bias.window, residual.window, norm, dropout.parameters(rowBase: rowBase), output.window)
  }

  /// Overwrites `residualGradient` (the gradient of the sum) and `branchGradient`, either of which may alias
  /// `outputGradient` but not each other; accumulates into the gradients of bias, scale and shift.
  package static func backward(
    outputGradient: Matrix, sum: Matrix, scale: Matrix, mean: Matrix, reciprocal: Matrix, dropout: Dropout,
    rowBase: Int, residualGradient: Matrix, branchGradient: Matrix, biasGradient: Matrix, scaleGradient: Matrix,
    shiftGradient: Matrix
  ) {
    outputGradient.require(sum.rows, sum.columns, "output gradient")
    residualGradient.require(sum.rows, sum.columns, "residual gradient")
    branchGradient.require(sum.rows, sum.columns, "branch gradient")
    biasGradient.requireVector(sum.columns, "bias gradient")
    scaleGradient.requireVector(sum.columns, "scale gradient")
    shiftGradient.requireVector(sum.columns, "shift gradient")
    let norm = LayerNormalization.parameters(scale, shiftGradient, mean, reciprocal, 0, of: sum)
    Processor.kernels.residual_normalization_backward(
      outputGradient.window, sum.window, norm, dropout.parameters(rowBase: rowBase), residualGradient.window,
      branchGradient.window, biasGradient.window, scaleGradient.window, shiftGradient.window)
  }
}
