/// The end of a pre-norm block: bias, dropout and residual.
///
///     output = residual + dropout(branch + bias)
///
/// The gradient of `residual` is the gradient of `output` itself.
/// - Shapes: all matrices `[rows, D]`; `bias` `[1, D]`.
/// - Source: Xiong et al. 2020, arXiv:2002.04745.
package enum ResidualSum {
  /// Overwrites `output`, which may alias `branch` or `residual`.
  package static func forward(
    branch: Matrix, bias: Matrix, residual: Matrix, dropout: Dropout, rowBase: Int, output: Matrix
  ) {
    bias.requireVector(branch.columns, "bias")
    residual.require(branch.rows, branch.columns, "residual")
    output.require(branch.rows, branch.columns, "output")
    Processor.kernels.residual_sum_forward(
      branch.window, bias.window, residual.window, dropout.parameters(rowBase: rowBase), output.window)
  }

  /// Overwrites `branchGradient`, which may alias `outputGradient`; accumulates into `biasGradient`.
  package static func backward(
    outputGradient: Matrix, dropout: Dropout, rowBase: Int, branchGradient: Matrix, biasGradient: Matrix
  ) {
    branchGradient.require(outputGradient.rows, outputGradient.columns, "branch gradient")
    biasGradient.requireVector(outputGradient.columns, "bias gradient")
    Processor.kernels.residual_sum_backward(
      outputGradient.window, dropout.parameters(rowBase: rowBase), branchGradient.window, biasGradient.window)
  }
}
