import Foundation
import Kernels

/// BERT's head for whole sequences: tanh pooler over `[CLS]`, dropout, one logit per label or one predicted number.
///
/// - Source: checked against Hugging Face `BertForSequenceClassification`.
package struct ClassificationHead: Sendable {
  /// What is predicted of a sequence.
  package enum Task: String, Codable, Sendable, CaseIterable {
    /// One of several labels.
    case classification
    /// A number.
    case regression
  }

  package let task: Task
  /// Logits per sequence: one per label, or the number alone.
  package let outputs: Int
  package let poolerWeight, poolerBias, weight, bias: ParameterTensor
  private let dropout: Float
  private let place: UInt64

  package init(
    _ layout: inout ParameterLayout, _ configuration: EncoderConfiguration, task: Task, outputs: Int, prefix: String
  ) {
    precondition(outputs > 0, "a head of \(outputs) outputs")
    let hidden = configuration.hidden
    self.task = task
    self.outputs = outputs
    poolerWeight = layout.add("\(prefix)pooler.dense.weight", [hidden, hidden])
    poolerBias = layout.add("\(prefix)pooler.dense.bias", [hidden])
    weight = layout.add("classifier.weight", [outputs, hidden])
    bias = layout.add("classifier.bias", [outputs])
    dropout = configuration.dropout
    place = UInt64(configuration.layers) * 4 + 1
  }

  /// Overwrites the activations and returns the logits `[sequences, outputs]`, good until the next pass.
  ///
  /// - Parameter rowBase: the number that the first sequence has among all of the step; dropout depends on it.
  package func forward(
    _ first: Matrix, parameters p: ParameterVector, mode: Mode, rowBase: Int, activations a: ClassificationActivations
  ) -> Matrix {
    let n = first.rows
    Linear.forward(first, weight: p[poolerWeight], output: a.slope.prefix(n))
    BiasActivation.forward(
      input: a.slope.prefix(n), bias: p[poolerBias], activation: .tanh, output: a.pooled.prefix(n))
    drop(a.pooled.prefix(n), mode: mode, rowBase: rowBase)
    Linear.forward(a.pooled.prefix(n), weight: p[weight], output: a.logits.prefix(n))
    BiasSum.forward(input: a.logits.prefix(n), bias: p[bias])
    return a.logits.prefix(n)
  }

  /// The loss of `targets`, each weighted by `scale`, through the head and back.
  ///
  /// Overwrites `firstGradient` `[sequences, hidden]`, accumulates the parameters' gradients; uses the logits up.
  /// - Returns: the unscaled loss sum.
  package func backward(
    targets: [Float], scale: Float, first: Matrix, parameters p: ParameterVector, gradients g: ParameterVector,
    mode: Mode, rowBase: Int, firstGradient: Matrix, activations a: ClassificationActivations
  ) -> Double {
    let n = first.rows
    let logits = a.logits.prefix(n)
    let loss = loss(targets: targets, logits: logits)
    for row in 0..<n {
      switch task {
      case .regression: logits[row, 0] = 2 * (logits[row, 0] - targets[row]) * scale
      case .classification:
        let shares = Self.probabilities(logits.rows(row..<row + 1).values)
        for label in 0..<outputs {
          logits[row, label] = (Float(shares[label]) - (label == Int(targets[row]) ? 1 : 0)) * scale
        }
      }
    }
    BiasSum.backward(outputGradient: logits, biasGradient: g[bias])
    Linear.backward(
      logits, input: a.pooled.prefix(n), weight: p[weight], inputGradient: a.gradient.prefix(n),
      weightGradient: g[weight])
    drop(a.gradient.prefix(n), mode: mode, rowBase: rowBase)
    BiasActivation.backward(
      outputGradient: a.gradient.prefix(n), slope: a.slope.prefix(n), inputGradient: a.gradient.prefix(n),
      biasGradient: g[poolerBias])
    Linear.backward(
      a.gradient.prefix(n), input: first, weight: p[poolerWeight], inputGradient: firstGradient,
      weightGradient: g[poolerWeight])
    return loss
  }

  /// The sum of the cross-entropies of labels, in nats, or of the squared errors of numbers.
  package func loss(targets: [Float], logits: Matrix) -> Double {
    precondition(targets.count == logits.rows, "\(targets.count) targets for \(logits.rows) rows")
    return targets.indices.reduce(0) { sum, row in
      switch task {
      case .regression:
        let error = Double(logits[row, 0]) - Double(targets[row])
        return sum + error * error
      case .classification:
        return sum
          - Foundation.log(max(Self.probabilities(logits.rows(row..<row + 1).values)[Int(targets[row])], 1e-300))
      }
    }
  }

  /// softmax(logits)
  package static func probabilities(_ logits: [Float]) -> [Double] {
    let largest = Double(logits.max() ?? 0)
    let exponentials = logits.map { exp(Double($0) - largest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }

  /// Multiplies by the dropout's mask, which is the same forward and backward.
  private func drop(_ rows: Matrix, mode: Mode, rowBase: Int) {
    guard case .training(let seed, let step) = mode, dropout > 0 else { return }
    let random = CounterRandom(seed: seed, purpose: RandomStream.dropout.rawValue + place, step: step)
    let scale = 1 / (1 - dropout)
    for row in 0..<rows.rows {
      for column in 0..<rows.columns {
        let isKept = random.uniform(UInt64((rowBase + row) * rows.columns + column)) >= Double(dropout)
        rows[row, column] = isKept ? rows[row, column] * scale : 0
      }
    }
  }
}

/// What the head leaves for its backward pass.
package struct ClassificationActivations: Sendable {
  let slope, pooled, gradient, logits: Matrix

  package init(hidden: Int, outputs: Int, rows: Int) {
    slope = Matrix(rows: rows, columns: hidden)
    pooled = Matrix(rows: rows, columns: hidden)
    gradient = Matrix(rows: rows, columns: hidden)
    logits = Matrix(rows: rows, columns: outputs)
  }
}
