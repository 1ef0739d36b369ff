import Kernels
import NeuralNetwork

/// A sequence of tokens, without `[CLS]` and `[SEP]`, and what is known of it.
package struct LabeledSequence: Sendable, Equatable {
  package var tokens: [Int32]
  /// The number of its label, or the number that is predicted; 0 where nothing is known.
  package var target: Float

  package init(tokens: [Int32], target: Float = 0) {
    self.tokens = tokens
    self.target = target
  }
}

/// A few whole sequences `[CLS] … [SEP]` with their targets.
package struct ClassifierBatch: Sendable {
  package private(set) var rows = PackedRows()
  package private(set) var targets: [Float] = []

  package init() { rows.queryRows = [] }

  package init(_ sequences: some Sequence<LabeledSequence>, specials: SpecialTokens) {
    self.init()
    for sequence in sequences { append(sequence, specials: specials) }
  }

  /// Rows of a sequence of so many tokens.
  static func rowCount(tokens: Int) -> Int { tokens + 2 }

  package mutating func append(_ sequence: LabeledSequence, specials: SpecialTokens) {
    let count = Self.rowCount(tokens: sequence.tokens.count)
    let first = Int32(rows.count)
    rows.queryRows?.append(first)
    rows.append(token: Int32(specials.classification), position: 0, prefixLength: count)
    for (index, token) in sequence.tokens.enumerated() {
      rows.append(token: token, position: index + 1, prefixLength: count)
    }
    rows.append(token: Int32(specials.separator), position: count - 1, prefixLength: count)
    rows.endSequence()
    targets.append(sequence.target)
  }
}

/// The layers of a BERT that labels whole sequences, and where their parameters stand; it holds no numbers itself.
package struct ClassifierNetwork: Sendable {
  package let configuration: EncoderConfiguration
  package let layout: ParameterLayout
  package let encoder: TransformerEncoder
  package let head: ClassificationHead

  package init(_ configuration: EncoderConfiguration, task: ClassificationHead.Task, outputs: Int) {
    var layout = ParameterLayout()
    self.configuration = configuration
    encoder = TransformerEncoder(&layout, configuration, prefix: "bert.")
    head = ClassificationHead(&layout, configuration, task: task, outputs: outputs, prefix: "bert.")
    self.layout = layout
  }

  /// Parameters as BERT starts them: matrices normal, biases 0, normalizations 1 and 0.
  ///
  /// - Parameter isGiven: whether the tensor of a name is overwritten anyway and left at 0.
  package func initialParameters(
    seed: UInt64, deviation: Double = 0.02, except isGiven: (String) -> Bool = { _ in false }
  ) -> ParameterVector {
    ParameterVector(startOf: layout, seed: seed, deviation: deviation, except: isGiven)
  }

  /// The logits of the sequences of `batch`, `[sequences, outputs]`, good until the next pass.
  package func forward(
    _ batch: ClassifierBatch, parameters: ParameterVector, mode: Mode, rowBase: Int, workspace w: ClassifierWorkspace
  ) -> Matrix {
    let states = encoder.forward(
      batch.rows, parameters: parameters, mode: mode, rowBase: rowBase, workspace: w.encoder)
    return head.forward(
      states, parameters: parameters, mode: mode, rowBase: rowBase, activations: w.head)
  }

  /// One batch forward and backward: accumulates `gradients` of its losses, each weighted by `scale`.
  ///
  /// - Returns: the unscaled loss sum.
  package func forwardBackward(
    _ batch: ClassifierBatch, parameters: ParameterVector, gradients: ParameterVector, mode: Mode, rowBase: Int,
    scale: Float, workspace w: ClassifierWorkspace
  ) -> Double {
    _ = forward(batch, parameters: parameters, mode: mode, rowBase: rowBase, workspace: w)
    let count = batch.targets.count
    let gradient = w.firstGradient.prefix(count)
    let loss = head.backward(
      targets: batch.targets, scale: scale, first: w.encoder.lastHidden(queries: count), parameters: parameters,
      gradients: gradients, mode: mode, rowBase: rowBase, firstGradient: gradient, activations: w.head)
    encoder.backward(
      gradient, rows: batch.rows, parameters: parameters, gradients: gradients, mode: mode, rowBase: rowBase,
      workspace: w.encoder)
    return loss
  }
}

/// What one batch of at most `rows` rows needs besides parameters and gradients.
package struct ClassifierWorkspace: Sendable {
  let encoder: EncoderWorkspace
  let head: ClassificationActivations
  let firstGradient: Matrix

  package init(_ network: ClassifierNetwork, rows: Int) {
    let hidden = network.configuration.hidden
    encoder = EncoderWorkspace(network.configuration, rows: rows, longestSequence: rows)
    head = ClassificationActivations(hidden: hidden, outputs: network.head.outputs, rows: rows)
    firstGradient = Matrix(rows: rows, columns: hidden)
  }
}
