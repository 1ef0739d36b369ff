import Kernels
import NeuralNetwork
import TestSupport
import Testing

/// The whole encoder and its gradient against scalars with exact derivatives, at odd sizes.
@Suite struct TransformerEncoderTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let hidden, layers, heads, inner: Int
    let lengths: [Int]
    let causal: Bool
    let queryRows: [Int32]?
    let dropout: Float
    var testDescription: String {
      "\(hidden)×\(layers), heads \(heads), inner \(inner), \(lengths), causal \(causal), queryRows \(queryRows ?? [])"
    }
  }

  static let cases = [
    Case(hidden: 1, layers: 1, heads: 1, inner: 1, lengths: [1], causal: false, queryRows: nil, dropout: 0),
    Case(hidden: 3, layers: 1, heads: 1, inner: 5, lengths: [3, 1], causal: false, queryRows: nil, dropout: 0.2),
    Case(
      hidden: 6, layers: 2, heads: 3, inner: 17, lengths: [4, 1, 2], causal: false, queryRows: [0, 3, 6], dropout: 0),
    Case(hidden: 4, layers: 2, heads: 2, inner: 7, lengths: [5, 3], causal: true, queryRows: [4, 5], dropout: 0.3),
    Case(hidden: 4, layers: 1, heads: 2, inner: 3, lengths: [2, 3, 1], causal: true, queryRows: [3], dropout: 0.1),
  ]

  @Test(arguments: cases) func valuesAndGradientsAreThoseOfTheFormula(_ example: Case) {
    let configuration = EncoderConfiguration(
      vocabularySize: 7, hidden: example.hidden, layers: example.layers, heads: example.heads, inner: example.inner,
      positions: 9,
      dropout: example.dropout, attentionDropout: example.dropout, epsilon: 1e-2)
    var layout = ParameterLayout()
    let encoder = TransformerEncoder(&layout, configuration, prefix: "")
    var rows = PackedRows()
    let random = CounterRandom(seed: 3, purpose: 1, step: 0)
    for length in example.lengths {
      for position in 0..<length {
        rows.append(
          token: Int32(random.below(7, UInt64(rows.count))), position: position + 1, segment: Int32(position % 2),
          prefixLength: example.causal ? position + 1 : length)
      }
      rows.endSequence()
    }
    rows.queryRows = example.queryRows
    let grids = layout.tensors.enumerated().map { Grid.random($1.rows, $1.columns, seed: UInt64($0)) }
    let parameters = ParameterVector(layout)
    for (tensor, grid) in zip(layout.tensors, grids) { parameters[tensor].assign(grid.values.map { Float($0) }) }
    let mode = Mode.training(seed: 11, step: 5)
    let reference = EncoderReference(
      configuration: configuration, layout: layout, rows: rows, seed: 11, step: 5, rowBase: 40)
    let workspace = EncoderWorkspace(configuration, rows: rows.count, longestSequence: rows.count)

    let output = encoder.forward(rows, parameters: parameters, mode: mode, rowBase: 40, workspace: workspace)
    #expect(reference(grids).distance(output) < 1e-4)

    let weights = Grid.random(output.rows, output.columns, seed: 99)
    let gradients = ParameterVector(layout)
    encoder.backward(
      weights.matrix(), rows: rows, parameters: parameters, gradients: gradients, mode: mode, rowBase: 40,
      workspace: workspace)
    let error = derivativeError(grids, layout.tensors.map { gradients[$0] }) { weighted(reference($0), weights) }
    #expect(error < 1e-4)
  }
}
