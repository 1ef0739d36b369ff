import Foundation
import Interactions
import Kernels
import NeuralNetwork
import SequentialModels
import TestSupport
import Testing

/// Poolings against their formulas with exact derivatives, and against the golden numbers.
@Suite struct PoolingTests {
  static let poolings: [Pooling] = [
    .cls, .mean, .max, .meanSqrtLength, .lastK(2), .lastK(9), .recencyWeighted(decay: nil),
    .recencyWeighted(decay: 0.7), .attention, .concat(.tail, .mean), .concat(.attention, .max),
    .concat(.recencyWeighted(decay: nil), .cls), .concat(.tail, .last), .concat(.last, .mean),
  ]

  /// One pooling of rows `range` in scalars; `tensors` are the part's own.
  static func reference<S: Scalar>(_ pooling: Pooling, _ x: Grid<S>, _ range: PooledRows, _ tensors: [Grid<S>]) -> [S] {
    let rows = Array(range.rows)
    func weighted(_ weights: [S]) -> [S] {
      (0..<x.columns).map { column in
        zip(rows, weights).reduce(S(0)) { $0 + x[$1.0, column] * $1.1 }
      }
    }
    func normalized(_ weights: [S]) -> [S] {
      let total = weights.reduce(S(0), +)
      return weights.map { $0 / total }
    }
    switch pooling {
    case .tail: return (0..<x.columns).map { x[rows.last!, $0] }
    case .last: return (0..<x.columns).map { x[range.item, $0] }
    case .cls: return (0..<x.columns).map { x[range.first, $0] }
    case .mean: return weighted(rows.map { _ in S(1 / Double(rows.count)) })
    case .meanSqrtLength: return weighted(rows.map { _ in S(1 / Double(rows.count).squareRoot()) })
    case .max:
      return (0..<x.columns).map { column in
        rows.map { x[$0, column] }.max { $0.value < $1.value }!
      }
    case .lastK(let k):
      let kept = min(k, rows.count)
      return weighted(rows.indices.map { S($0 >= rows.count - kept ? 1 / Double(kept) : 0) })
    case .recencyWeighted(let fixed):
      let decay = fixed.map { S(Double($0)) } ?? S(1) / (S(1) + S.exp(S(0) - tensors[0][0, 0]))
      var power = S(1)
      var weights: [S] = []
      for _ in rows {
        weights.insert(power, at: 0)
        power = power * decay
      }
      return weighted(normalized(weights))
    case .attention:
      return weighted(
        normalized(
          rows.map { row in
            S.exp(
              (0..<x.columns).reduce(S(0)) { $0 + x[row, $1] * tensors[0][0, $1] }
                * S(1 / Double(x.columns).squareRoot()))
          }))
    case .concat(let a, let b):
      let own = a.ownTensors
      let joined =
        reference(a, x, range, Array(tensors[0..<own])) + reference(b, x, range, Array(tensors[own...]))
      let (weight, bias) = (tensors[tensors.count - 2], tensors[tensors.count - 1])
      return (0..<x.columns).map { out in
        joined.indices.reduce(bias[0, out]) { $0 + joined[$1] * weight[out, $1] }
      }
    }
  }

  @Test(arguments: poolings, [1, 3, 6]) func valuesAndGradientsAreThoseOfTheFormula(pooling: Pooling, hidden: Int) {
    let configuration = EncoderConfiguration(
      vocabularySize: 9, hidden: hidden, layers: 1, heads: 1, positions: 9, pooling: pooling)
    var layout = ParameterLayout()
    guard let layer = PoolingLayer(&layout, configuration) else { return }
    let grids = layout.tensors.enumerated().map { Grid.random($1.rows, $1.columns, seed: 5 + UInt64($0)) }
    let parameters = ParameterVector(layout)
    for (tensor, grid) in zip(layout.tensors, grids) { parameters[tensor].assign(grid.values.map { Float($0) }) }
    let ranges = [
      PooledRows(0..<4, hasCLS: true), PooledRows(4..<6, hasCLS: true), PooledRows(7..<11, hasCLS: false),
      PooledRows(item: 7, mask: 11),
    ]
    let states = Grid.random(12, hidden, seed: 1)
    let workspace = PoolingWorkspace(configuration, rows: 12)
    let output = Matrix(rows: ranges.count, columns: hidden)
    layer.forward(states.matrix(), ranges: ranges, parameters: parameters, output: output, workspace: workspace)
    func forward<S: Scalar>(_ inputs: [Grid<S>]) -> Grid<S> {
      let rows = ranges.map { Self.reference(pooling, inputs[0], $0, Array(inputs[1...])) }
      return Grid(ranges.count, hidden) { rows[$0][$1] }
    }
    #expect(forward([states] + grids).distance(output) < 1e-4)

    let weights = Grid.random(ranges.count, hidden, seed: 3)
    let stateGradient = Matrix(rows: 12, columns: hidden)
    let gradients = ParameterVector(layout)
    layer.backward(
      weights.matrix(), states: states.matrix(), ranges: ranges, parameters: parameters, gradients: gradients,
      stateGradient: stateGradient, workspace: workspace)
    let error = derivativeError([states] + grids, [stateGradient] + layout.tensors.map { gradients[$0] }) {
      TestSupport.weighted(forward($0), weights)
    }
    #expect(error < 1e-4)
  }

  @Test func agreesWithTheGoldenPoolings() throws {
    let reference = try BERTReference()
    let states = Matrix(rows: 31, columns: 24, try reference.realRows("hidden.2", columns: 24))
    var start = 0
    let ranges = reference.lengths.map { length in
      start += length
      return PooledRows(start - length..<start, hasCLS: false)
    }
    for (pooling, name) in [(Pooling.mean, "mean"), (.max, "max"), (.cls, "cls"), (.lastK(1), "last")] {
      var layout = ParameterLayout()
      var configuration = reference.network.configuration
      configuration.pooling = pooling
      let layer = PoolingLayer(&layout, configuration)!
      let output = Matrix(rows: 4, columns: 24)
      layer.forward(
        states, ranges: ranges, parameters: ParameterVector(layout), output: output,
        workspace: PoolingWorkspace(configuration, rows: 31))
      #expect(largestDifference(output.values, try reference.file.floats("pool.\(name)")) < 1e-5, "\(name)")
    }
  }

  @Test(arguments: poolings + [.tail, .last]) func isWrittenAsOneWordAndReadBack(pooling: Pooling) throws {
    #expect(Pooling(pooling.description) == pooling)
    let data = try JSONEncoder().encode([pooling])
    #expect(try JSONDecoder().decode([Pooling].self, from: data) == [pooling])
  }

  /// Before it has learned anything the pair scores what the last item's state alone would.
  @Test func aPairWithTheLastItemBeginsAsThatAlone() throws {
    let configuration = EncoderConfiguration(
      vocabularySize: 25, hidden: 8, layers: 2, heads: 2, positions: 9, attention: .causal,
      pooling: .concat(.tail, .last), head: .direct)
    let network = BERTNetwork(configuration)
    let pair = BERT4Rec(
      network: network, parameters: network.initialParameters(seed: 3, deviation: 0.3),
      vocabulary: ItemVocabulary(items: 20), workers: Workers(threads: 1))
    let last = pair.reading(pooling: .last)
    let histories: [ArraySlice<ItemID>] = [[3], [1, 4, 1, 5], [9, 2, 6, 5, 3, 5, 8, 9]].map { ids in
      ArraySlice(ids.map { ItemID($0) })
    }
    let (a, b) = (Matrix(rows: 3, columns: 8), Matrix(rows: 3, columns: 8))
    pair.encode(histories, into: a)
    last.encode(histories, into: b)
    #expect(largestDifference(a.values, b.values) < 1e-6)
  }

  @Test(arguments: ["", "Tail", "lastK", "lastK:0", "recencyWeighted:2", "tail+", "last+last", "a+b+c"])
  func refusesOtherWords(text: String) { #expect(Pooling(text) == nil) }
}

extension Pooling {
  /// How many tensors the pooling owns besides a projection.
  fileprivate var ownTensors: Int {
    switch self {
    case .attention, .recencyWeighted(decay: nil): 1
    default: 0
    }
  }
}
