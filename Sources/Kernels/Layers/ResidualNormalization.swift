/// The end of a post-norm block: bias, dropout, residual and normalization.
///
///     sum = residual + dropout(branch + bias)        output = normalization(sum) · scale + shift
///
/// - Shapes: all matrices `[rows, D]`; `bias`, `scale`, `shift` `[1, D]`; `mean`, `reciprocal` `rows` numbers.
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
