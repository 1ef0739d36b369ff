import CKernels

/// An elementwise activation function.
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

/// The bias and activation after a product.
///
///     output = activation(input + bias)        slope = activation′(input + bias)
///
/// Value and slope share an exponential; the backward pass is one multiplication per element.
/// - Shapes: matrices `[rows, D]`; `bias` `[1, D]`.
package enum BiasActivation {
  /// Overwrites `output`, and `input` with the slope.
  package static func forward(input: Matrix, bias: Matrix, activation: Activation, output: Matrix) {
    bias.requireVector(input.columns, "bias")
    output.require(input.rows, input.columns, "output")
    Processor.kernels.bias_activation_forward(input.window, bias.window, activation.code, output.window)
  }

  /// Overwrites `inputGradient`, which may alias `outputGradient`; accumulates into `biasGradient`.
  package static func backward(outputGradient: Matrix, slope: Matrix, inputGradient: Matrix, biasGradient: Matrix) {
    slope.require(outputGradient.rows, outputGradient.columns, "slope")
    inputGradient.require(outputGradient.rows, outputGradient.columns, "input gradient")
    biasGradient.requireVector(outputGradient.columns, "bias gradient")
    Processor.kernels.bias_activation_backward(
      outputGradient.window, slope.window, inputGradient.window, biasGradient.window)
  }
}

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
