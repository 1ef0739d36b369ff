import Foundation
import Kernels

/// The pooling of a network that reads more than one row: a part, or two parts and a projection.
package struct PoolingLayer: Sendable {
  /// Names of a pooling's tensors begin so: those of a network that Hugging Face has no place for.
  package static let tensorPrefix = "pooling."

  private let hidden: Int
  private let parts: [PoolingPart]
  /// What each part weighs in the projection before it has learned anything.
  private let shares: [Float]
  private let projectionWeight, projectionBias: ParameterTensor?

  /// nil where one row is the vector.
  package init?(_ layout: inout ParameterLayout, _ configuration: EncoderConfiguration) {
    let (pooling, hidden) = (configuration.pooling, configuration.hidden)
    if pooling.isOneRow { return nil }
    self.hidden = hidden
    let prefix = Self.tensorPrefix
    if case .concat(let a, let b) = pooling {
      parts = [
        PoolingPart(&layout, pooling: a, hidden: hidden, prefix: "\(prefix)0."),
        PoolingPart(&layout, pooling: b, hidden: hidden, prefix: "\(prefix)1."),
      ]
      shares = a == .last ? [1, 0] : b == .last ? [0, 1] : [0.5, 0.5]
      projectionWeight = layout.add("\(prefix)projection.weight", [hidden, 2 * hidden])
      projectionBias = layout.add("\(prefix)projection.bias", [hidden])
    } else {
      parts = [PoolingPart(&layout, pooling: pooling, hidden: hidden, prefix: prefix)]
      shares = [1]
      projectionWeight = nil
      projectionBias = nil
    }
  }

  /// Overwrites the pooling's own parameters: even attention, a decay of 0.8, the mean of both parts, or the last item's
  /// state alone where it is one of them: what learns to name the next item by it loses nothing and can only gain.
  package func initialize(_ parameters: ParameterVector) {
    for part in parts { part.initialize(parameters) }
    guard let projectionWeight else { return }
    parameters[projectionWeight].fill(0)
    for column in 0..<hidden {
      parameters[projectionWeight][column, column] = shares[0]
      parameters[projectionWeight][column, hidden + column] = shares[1]
    }
  }

  /// Overwrites `output` with one vector per range of rows.
  ///
  /// - Shapes: `states` `[rows, hidden]`, `output` `[ranges, hidden]`.
  package func forward(
    _ states: Matrix, ranges: [PooledRows], parameters: ParameterVector, output: Matrix, workspace w: PoolingWorkspace
  ) {
    let joined = projectionWeight == nil ? output : w.joined.prefix(ranges.count)
    for (index, part) in parts.enumerated() {
      let columns = joined.columns(index * hidden..<(index + 1) * hidden)
      for (row, range) in ranges.enumerated() {
        part.forward(states, range, parameters: parameters, output: columns.rows(row..<row + 1), weights: w.weights)
      }
    }
    if let projectionWeight, let projectionBias {
      Linear.forward(joined, weight: parameters[projectionWeight], output: output)
      BiasSum.forward(input: output, bias: parameters[projectionBias])
    }
  }

  /// Accumulates `stateGradient` and the pooling's own gradients; needs what the forward pass left in the workspace.
  package func backward(
    _ outputGradient: Matrix, states: Matrix, ranges: [PooledRows], parameters: ParameterVector,
    gradients: ParameterVector, stateGradient: Matrix, workspace w: PoolingWorkspace
  ) {
    var joinedGradient = outputGradient
    if let projectionWeight, let projectionBias {
      joinedGradient = w.joinedGradient.prefix(ranges.count)
      BiasSum.backward(outputGradient: outputGradient, biasGradient: gradients[projectionBias])
      Linear.backward(
        outputGradient, input: w.joined.prefix(ranges.count), weight: parameters[projectionWeight],
        inputGradient: joinedGradient, weightGradient: gradients[projectionWeight])
    }
    for (index, part) in parts.enumerated() {
      let columns = joinedGradient.columns(index * hidden..<(index + 1) * hidden)
      for (row, range) in ranges.enumerated() {
        part.backward(
          columns.rows(row..<row + 1), states: states, range, parameters: parameters, gradients: gradients,
          stateGradient: stateGradient, weights: w.weights, slopes: w.slopes)
      }
    }
  }
}

/// The query rows of one sequence: `[CLS]` where it has one, then the history and its `[MASK]`; or those of one of its
/// prefixes.
package struct PooledRows: Sendable, Equatable {
  package let first: Int
  package let rows: Range<Int>
  /// The row of the last item; the `[MASK]`'s where there is no item.
  package let item: Int

  /// - Parameter hasCLS: the first row is `[CLS]`, which only `cls` reads.
  package init(_ all: Range<Int>, hasCLS: Bool) {
    first = all.lowerBound
    rows = (hasCLS ? all.lowerBound + 1 : all.lowerBound)..<all.upperBound
    item = max(rows.lowerBound, rows.upperBound - 2)
  }

  /// The last item of a prefix, and the `[MASK]` behind it wherever that stands.
  package init(item: Int, mask: Int) {
    first = mask
    rows = mask..<mask + 1
    self.item = item
  }
}

/// Workspace for the weights of one sequence's rows and for two parts side by side.
package struct PoolingWorkspace: Sendable {
  let weights, slopes, joined, joinedGradient: Matrix

  package init(_ configuration: EncoderConfiguration, rows: Int) {
    weights = Matrix(rows: 1, columns: rows)
    slopes = Matrix(rows: 1, columns: rows)
    let isJoined = if case .concat = configuration.pooling { true } else { false }
    joined = Matrix(rows: isJoined ? rows : 1, columns: 2 * configuration.hidden)
    joinedGradient = Matrix(rows: isJoined ? rows : 1, columns: 2 * configuration.hidden)
  }
}
