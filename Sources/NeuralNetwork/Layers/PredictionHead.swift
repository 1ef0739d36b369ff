import Kernels

/// BERT's transform before the item table: dense → activation → normalization. The table itself is the embeddings'.
///
/// - Source: checked against Hugging Face `BertPredictionHeadTransform`.
package struct PredictionHead: Sendable {
  package let weight, bias, scale, shift, itemBias: ParameterTensor
  let activation: Activation
  let epsilon: Float

  package init(_ layout: inout ParameterLayout, _ configuration: EncoderConfiguration) {
    activation = configuration.activation
    epsilon = configuration.epsilon
    let d = configuration.hidden
    weight = layout.add("cls.predictions.transform.dense.weight", [d, d])
    bias = layout.add("cls.predictions.transform.dense.bias", [d])
    scale = layout.add("cls.predictions.transform.LayerNorm.weight", [d])
    shift = layout.add("cls.predictions.transform.LayerNorm.bias", [d])
    itemBias = layout.add("cls.predictions.bias", [configuration.vocabularySize])
  }

  /// Overwrites the activations.
  ///
  /// - Shapes: `input` `[rows, hidden]`; returns a window of the same shape, good until the next pass.
  package func forward(_ input: Matrix, parameters p: ParameterVector, activations a: HeadActivations) -> Matrix {
    let n = input.rows
    Linear.forward(input, weight: p[weight], output: a.slope.prefix(n))
    BiasActivation.forward(
      input: a.slope.prefix(n), bias: p[bias], activation: activation, output: a.activated.prefix(n))
    LayerNormalization.forward(
      input: a.activated.prefix(n), scale: p[scale], shift: p[shift], epsilon: epsilon, dropout: .none, rowBase: 0,
      output: a.output.prefix(n), mean: a.mean.prefix(n), reciprocal: a.reciprocal.prefix(n))
    return a.output.prefix(n)
  }

  /// Overwrites `inputGradient`, accumulates the parameters' gradients; `outputGradient` is used up.
  package func backward(
    _ outputGradient: Matrix, input: Matrix, parameters p: ParameterVector, gradients g: ParameterVector,
    inputGradient: Matrix, activations a: HeadActivations
  ) {
    let n = input.rows
    LayerNormalization.backward(
      outputGradient: outputGradient, input: a.activated.prefix(n), scale: p[scale], mean: a.mean.prefix(n),
      reciprocal: a.reciprocal.prefix(n), dropout: .none, rowBase: 0, inputGradient: outputGradient,
      scaleGradient: g[scale], shiftGradient: g[shift])
    BiasActivation.backward(
      outputGradient: outputGradient, slope: a.slope.prefix(n),
      inputGradient: outputGradient, biasGradient: g[bias])
    Linear.backward(
      outputGradient, input: input, weight: p[weight], inputGradient: inputGradient, weightGradient: g[weight])
  }
}

/// What the head leaves for its backward pass, and the gradient at its output.
package struct HeadActivations: Sendable {
  let slope, activated, output, mean, reciprocal: Matrix
  package let outputGradient: Matrix

  package init(_ configuration: EncoderConfiguration, rows: Int) {
    slope = Matrix(rows: rows, columns: configuration.hidden)
    activated = Matrix(rows: rows, columns: configuration.hidden)
    output = Matrix(rows: rows, columns: configuration.hidden)
    mean = Matrix(rows: rows, columns: 1)
    reciprocal = Matrix(rows: rows, columns: 1)
    outputGradient = Matrix(rows: rows, columns: configuration.hidden)
  }
}
