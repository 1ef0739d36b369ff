import CKernels

/// A function of every element.
package enum Activation: String, Sendable, CaseIterable, Codable {
  /// x · Φ(x), with the exact error function (Hendrycks & Gimpel 2016, arXiv:1606.08415), to 1e-6.
  case gelu
  /// Its tanh approximation, `gelu_new` in Hugging Face.
  case geluTanh = "gelu_new"
  case relu
  case tanh

  var code: cloze_activation {
    switch self {
    case .gelu: CLOZE_GELU
    case .geluTanh: CLOZE_GELU_TANH
    case .relu: CLOZE_RELU
    case .tanh: CLOZE_TANH
    }
  }
}

/// The bias and activation behind a product.
///
///     preactivation = input + bias        output = activation(preactivation)
///
/// - Shapes: matrices `[rows, D]`; `bias` `[1, D]`.
package enum BiasActivation {
  /// Overwrites `input` with the preactivation, and `output`.
  package static func forward(input: Matrix, bias: Matrix, activation: Activation, output: Matrix) {
    bias.requireVector(input.columns, "bias")
    output.require(input.rows, input.columns, "output")
    Processor.kernels.bias_activation_forward(input.window, bias.window, activation.code, output.window)
  }

  /// Overwrites `inputGradient`, which may alias `outputGradient`; accumulates into `biasGradient`.
  package static func backward(
    outputGradient: Matrix, preactivation: Matrix, activation: Activation, inputGradient: Matrix, biasGradient: Matrix
  ) {
    preactivation.require(outputGradient.rows, outputGradient.columns, "preactivation")
    inputGradient.require(outputGradient.rows, outputGradient.columns, "input gradient")
    biasGradient.requireVector(outputGradient.columns, "bias gradient")
    Processor.kernels.bias_activation_backward(
      outputGradient.window, preactivation.window, activation.code, inputGradient.window, biasGradient.window)
  }
}
