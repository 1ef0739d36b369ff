import Foundation
import Kernels

/// One way of making one vector of a sequence's rows; all but `max` are weighted sums.
///
///     output = Σ weight(i) · state(i)
struct PoolingPart: Sendable {
  private let pooling: Pooling
  private let hidden: Int
  private let query, decay: ParameterTensor?

  init(_ layout: inout ParameterLayout, pooling: Pooling, hidden: Int, prefix: String) {
    self.pooling = pooling
    self.hidden = hidden
    query = pooling == .attention ? layout.add("\(prefix)query", [hidden]) : nil
    decay = pooling == .recencyWeighted(decay: nil) ? layout.add("\(prefix)decay", [1]) : nil
  }

  func initialize(_ parameters: ParameterVector) {
    if let query { parameters[query].fill(0) }
    // The decay is the logistic function of its parameter.
    if let decay { parameters[decay].fill(Float(log(0.8 / 0.2))) }
  }

  /// Overwrites `output` `[1, hidden]`.
  func forward(_ states: Matrix, _ range: PooledRows, parameters: ParameterVector, output: Matrix, weights: Matrix) {
    switch pooling {
    case .cls: output.assign(states.rows(range.first..<range.first + 1))
    case .last: output.assign(states.rows(range.item..<range.item + 1))
    case .tail: output.assign(states.rows(range.rows.upperBound - 1..<range.rows.upperBound))
    case .max:
      let rows = states.rows(range.rows)
      for column in 0..<hidden { output[0, column] = rows[Self.largest(rows, column), column] }
    default:
      let rows = states.rows(range.rows)
      let weights = weights.columns(0..<rows.rows)
      fill(weights, rows: rows, parameters: parameters)
      MatrixProduct.multiply(weights, rows, into: output)
    }
  }

  /// Accumulates `stateGradient` and the part's own gradients.
  func backward(
    _ outputGradient: Matrix, states: Matrix, _ range: PooledRows, parameters: ParameterVector,
    gradients: ParameterVector, stateGradient: Matrix, weights: Matrix, slopes: Matrix
  ) {
    let rows = states.rows(range.rows)
    let rowGradient = stateGradient.rows(range.rows)
    switch pooling {
    case .cls: Rows.add(outputGradient, into: stateGradient.rows(range.first..<range.first + 1))
    case .last: Rows.add(outputGradient, into: stateGradient.rows(range.item..<range.item + 1))
    case .tail:
      Rows.add(outputGradient, into: stateGradient.rows(range.rows.upperBound - 1..<range.rows.upperBound))
    case .max:
      for column in 0..<hidden { rowGradient[Self.largest(rows, column), column] += outputGradient[0, column] }
    default:
      let weights = weights.columns(0..<rows.rows)
      fill(weights, rows: rows, parameters: parameters)
      MatrixProduct.multiply(weights, outputGradient, leftTransposed: true, into: rowGradient, beta: 1)
      if query == nil && decay == nil { return }
      let slopes = slopes.columns(0..<rows.rows)
      MatrixProduct.multiply(outputGradient, rows, rightTransposed: true, into: slopes)
      turnIntoLogSlopes(slopes, weights)
      if let query {
        let scale = 1 / Float(hidden).squareRoot()
        MatrixProduct.multiply(slopes, rows, into: gradients[query], alpha: scale, beta: 1)
        MatrixProduct.multiply(
          slopes, parameters[query], leftTransposed: true, into: rowGradient, alpha: scale, beta: 1)
      }
      if let decay {
        // d log weight(i) / d parameter = (age(i) − mean age) · (1 − decay); the mean drops out of the slopes' sum.
        let rest = 1 - logistic(parameters[decay][0, 0])
        for row in 0..<rows.rows { gradients[decay][0, 0] += slopes[0, row] * Float(rows.rows - 1 - row) * rest }
      }
    }
  }

  /// Turns the slopes along the weights into those along their logarithms before they were normalized.
  private func turnIntoLogSlopes(_ slopes: Matrix, _ weights: Matrix) {
    var mean: Float = 0
    for row in 0..<weights.columns { mean += weights[0, row] * slopes[0, row] }
    for row in 0..<weights.columns { slopes[0, row] = weights[0, row] * (slopes[0, row] - mean) }
  }

  /// Overwrites `weights` `[1, rows]`.
  private func fill(_ weights: Matrix, rows: Matrix, parameters: ParameterVector) {
    let count = rows.rows
    switch pooling {
    case .mean: weights.fill(1 / Float(count))
    case .meanSqrtLength: weights.fill(1 / Float(count).squareRoot())
    case .lastK(let k):
      for row in 0..<count { weights[0, row] = row >= count - k ? 1 / Float(min(k, count)) : 0 }
    case .recencyWeighted(let fixed):
      let factor = fixed ?? logistic(parameters[decay!][0, 0])
      var weight: Float = 1
      var total: Float = 0
      for row in (0..<count).reversed() {
        weights[0, row] = weight
        total += weight
        weight *= factor
      }
      for row in 0..<count { weights[0, row] /= total }
    case .attention:
      MatrixProduct.multiply(
        parameters[query!], rows, rightTransposed: true, into: weights, alpha: 1 / Float(hidden).squareRoot())
      let largest = (0..<count).reduce(-Float.infinity) { max($0, weights[0, $1]) }
      var total: Float = 0
      for row in 0..<count {
        weights[0, row] = exp(weights[0, row] - largest)
        total += weights[0, row]
      }
      for row in 0..<count { weights[0, row] /= total }
    case .cls, .tail, .last, .max, .concat: preconditionFailure("\(pooling) is no weighted sum")
    }
  }

  private func logistic(_ x: Float) -> Float { 1 / (1 + exp(-x)) }

  /// The first row with the largest value of `column`.
  private static func largest(_ rows: Matrix, _ column: Int) -> Int {
    var best = 0
    for row in 1..<max(1, rows.rows) where rows[row, column] > rows[best, column] { best = row }
    return best
  }
}
