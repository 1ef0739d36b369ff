import Kernels

/// BERT's first layer: token + position + segment, normalized, then dropout.
///
/// - Source: checked against Hugging Face `BertEmbeddings`.
package struct Embeddings: Sendable {
  package let token, position, segment, scale, shift: ParameterTensor
  /// The table that tokens are looked up in: `token`, whose gradient it has, or a sum that is made of it.
  package internal(set) var table: ParameterTensor
  let epsilon: Float
  let dropout: Float

  package init(_ layout: inout ParameterLayout, _ configuration: EncoderConfiguration, prefix: String) {
    epsilon = configuration.epsilon
    dropout = configuration.dropout
    token = layout.add("\(prefix).word_embeddings.weight", [configuration.vocabularySize, configuration.hidden])
    table = token
    position = layout.add("\(prefix).position_embeddings.weight", [configuration.positions, configuration.hidden])
    segment = layout.add("\(prefix).token_type_embeddings.weight", [configuration.segments, configuration.hidden])
    scale = layout.add("\(prefix).LayerNorm.weight", [configuration.hidden])
    shift = layout.add("\(prefix).LayerNorm.bias", [configuration.hidden])
  }

  /// Overwrites `activations`; the output is `activations.output`, `[rows, hidden]`.
  func forward(
    _ rows: PackedRows, parameters p: ParameterVector, mode: Mode, rowBase: Int, activations a: EmbeddingActivations
  ) {
    let n = rows.count
    EmbeddingSum.forward(
      ids: rows.tokens, positions: rows.positions, segments: rows.segments, tokenTable: p[table],
      positionTable: p[position], segmentTable: p[segment], output: a.sum.prefix(n))
    LayerNormalization.forward(
      input: a.sum.prefix(n), scale: p[scale], shift: p[shift], epsilon: epsilon,
      dropout: mode.dropout(dropout, place: 0), rowBase: rowBase, output: a.output.prefix(n),
      mean: a.mean.prefix(n), reciprocal: a.reciprocal.prefix(n))
  }

  /// Accumulates the tables' gradients; overwrites `outputGradient` by that of each row's sum.
  ///
  /// - Parameter addsTokens: whether the token table's gradient is one of them.
  func backward(
    _ outputGradient: Matrix, rows: PackedRows, parameters p: ParameterVector, gradients g: ParameterVector,
    mode: Mode, rowBase: Int, activations a: EmbeddingActivations, addsTokens: Bool = true
  ) {
    let n = rows.count
    LayerNormalization.backward(
      outputGradient: outputGradient, input: a.sum.prefix(n), scale: p[scale], mean: a.mean.prefix(n),
      reciprocal: a.reciprocal.prefix(n), dropout: mode.dropout(dropout, place: 0), rowBase: rowBase,
      inputGradient: outputGradient, scaleGradient: g[scale], shiftGradient: g[shift])
    if !addsTokens {
      Rows.scatterAdd(outputGradient, rows.positions, into: g[position])
      return Rows.scatterAdd(outputGradient, rows.segments, into: g[segment])
    }
    EmbeddingSum.backward(
      outputGradient: outputGradient, ids: rows.tokens, positions: rows.positions, segments: rows.segments,
      tokenTableGradient: g[token], positionTableGradient: g[position], segmentTableGradient: g[segment])
  }
}

/// What the embeddings leave for their backward pass.
struct EmbeddingActivations: Sendable {
  let sum, output, mean, reciprocal: Matrix

  init(_ configuration: EncoderConfiguration, rows: Int) {
    sum = Matrix(rows: rows, columns: configuration.hidden)
    output = Matrix(rows: rows, columns: configuration.hidden)
    mean = Matrix(rows: rows, columns: 1)
    reciprocal = Matrix(rows: rows, columns: 1)
  }
}
