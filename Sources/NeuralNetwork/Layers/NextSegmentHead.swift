import Foundation
import Kernels

/// BERT's second task: tanh pooler over `[CLS]`, then two logits (0: B follows A, 1: B is from somewhere else).
///
/// - Source: checked against Hugging Face `BertPooler` and `BertOnlyNSPHead`.
package struct NextSegmentHead: Sendable {
  package let poolerWeight, poolerBias, weight, bias: ParameterTensor

  package init(_ layout: inout ParameterLayout, _ configuration: EncoderConfiguration, prefix: String) {
    let hidden = configuration.hidden
    poolerWeight = layout.add("\(prefix)pooler.dense.weight", [hidden, hidden])
    poolerBias = layout.add("\(prefix)pooler.dense.bias", [hidden])
    weight = layout.add("cls.seq_relationship.weight", [2, hidden])
    bias = layout.add("cls.seq_relationship.bias", [2])
  }

  /// Overwrites the activations and returns the logits `[sequences, 2]`, good until the next pass.
  package func forward(_ first: Matrix, parameters p: ParameterVector, activations a: NextSegmentActivations) -> Matrix
  {
    let n = first.rows
    Linear.forward(first, weight: p[poolerWeight], output: a.slope.prefix(n))
    BiasActivation.forward(
      input: a.slope.prefix(n), bias: p[poolerBias], activation: .tanh, output: a.pooled.prefix(n))
    Linear.forward(a.pooled.prefix(n), weight: p[weight], output: a.logits.prefix(n))
    BiasSum.forward(input: a.logits.prefix(n), bias: p[bias])
    return a.logits.prefix(n)
  }

  /// Cross-entropy of `labels`, each weighted by `scale`, through the head and back.
  ///
  /// Overwrites `firstGradient` `[sequences, hidden]`, accumulates the parameters' gradients.
  /// - Returns: the unscaled loss sum and how many labels had the larger logit.
  package func backward(
    labels: [Int32], scale: Float, first: Matrix, parameters p: ParameterVector, gradients g: ParameterVector,
    firstGradient: Matrix, activations a: NextSegmentActivations
  ) -> (loss: Double, correct: Int) {
    let n = first.rows
    let logits = a.logits.prefix(n)
    let result = Self.loss(labels: labels, logits: logits)
    for row in 0..<n {
      let other = 1 / (1 + exp(logits[row, Int(labels[row])] - logits[row, 1 - Int(labels[row])]))
      logits[row, Int(labels[row])] = -other * scale
      logits[row, 1 - Int(labels[row])] = other * scale
    }
    BiasSum.backward(outputGradient: logits, biasGradient: g[bias])
    Linear.backward(
      logits, input: a.pooled.prefix(n), weight: p[weight], inputGradient: a.gradient.prefix(n),
      weightGradient: g[weight])
    BiasActivation.backward(
      outputGradient: a.gradient.prefix(n), slope: a.slope.prefix(n),
      inputGradient: a.gradient.prefix(n), biasGradient: g[poolerBias])
    Linear.backward(
      a.gradient.prefix(n), input: first, weight: p[poolerWeight], inputGradient: firstGradient,
      weightGradient: g[poolerWeight])
    return result
  }

  /// The summed cross-entropy of `labels` and how many had the larger logit.
  package static func loss(labels: [Int32], logits: Matrix) -> (loss: Double, correct: Int) {
    precondition(labels.count == logits.rows, "\(labels.count) labels for \(logits.rows) rows")
    var loss = 0.0
    var correct = 0
    for row in 0..<logits.rows {
      let margin = Double(logits[row, Int(labels[row])] - logits[row, 1 - Int(labels[row])])
      loss += margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin
      if margin > 0 { correct += 1 }
    }
    return (loss, correct)
  }
}

/// What the next-segment head leaves for its backward pass.
package struct NextSegmentActivations: Sendable {
  let slope, pooled, gradient, logits: Matrix

  package init(_ configuration: EncoderConfiguration, rows: Int) {
    slope = Matrix(rows: rows, columns: configuration.hidden)
    pooled = Matrix(rows: rows, columns: configuration.hidden)
    gradient = Matrix(rows: rows, columns: configuration.hidden)
    logits = Matrix(rows: rows, columns: 2)
  }

  /// The logits of the last forward pass, `[sequences, 2]`.
  package func logits(_ sequences: Int) -> Matrix { logits.prefix(sequences) }
}
