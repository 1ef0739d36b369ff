import Foundation
import Kernels

extension Measurement {
  /// The kernels between the products, which read and write some 512 rows.
  static func layers(hidden: Int) -> [Measurement] {
    residualNormalization(width: hidden, drops: false) + residualNormalization(width: hidden, drops: true)
      + activation(width: 4 * hidden)
  }

  private static func residualNormalization(width: Int, drops: Bool) -> [Measurement] {
    let rows = 512
    let dropout = drops ? Dropout(probability: 0.1, key: 7) : .none
    let product = normal(rows, width, seed: 1)
    let (branch, output) = (product.copy(), Matrix(rows: rows, columns: width))
    let residual = normal(rows, width, seed: 2)
    let (bias, scale, shift) = (
      normal(1, width, seed: 3), Matrix(rows: 1, columns: width), Matrix(rows: 1, columns: width)
    )
    scale.fill(1)
    let (mean, reciprocal) = (Matrix(rows: 1, columns: rows), Matrix(rows: 1, columns: rows))
    let gradient = normal(rows, width, seed: 4)
    let (residualGradient, branchGradient) = (Matrix(rows: rows, columns: width), Matrix(rows: rows, columns: width))
    let sums = (0..<3).map { _ in Matrix(rows: 1, columns: width) }
    let bytes = Double(rows * width * 4)
    let name = "residual normalization \(rows)×\(width)\(drops ? ", dropout" : "")"
    return [
      Measurement(
        name: "\(name), forward", unit: .traffic, work: 6 * bytes,
        fault: {
          let sums: [Float] = (0..<rows).map { output.rows($0..<$0 + 1).values.reduce(0, +) }
          let squares = Reduction.sumOfSquares(output) / Double(rows * width)
          return sums.lazy.compactMap { differs("a row's sum", Double($0), from: 0, by: 1e-3) }.first
            ?? differs("the mean square", squares, from: 1, by: 1e-3)
        },
        run: {
          branch.assign(product)  // the kernel leaves the sum there
          ResidualNormalization.forward(
            branch: branch, bias: bias, residual: residual, scale: scale, shift: shift, epsilon: 1e-12,
            dropout: dropout,
            rowBase: 0, output: output, mean: mean, reciprocal: reciprocal)
        }),
      Measurement(
        name: "\(name), backward", unit: .traffic, work: 4 * bytes,
        fault: {
          (0..<rows).lazy.compactMap { row -> String? in
            let sum: Float = residualGradient.rows(row..<row + 1).values.reduce(0, +)
            return differs("the sum of row \(row)'s gradient", Double(sum), from: 0, by: 1e-3)
          }.first
        },
        run: {
          ResidualNormalization.backward(
            outputGradient: gradient, sum: branch, scale: scale, mean: mean, reciprocal: reciprocal, dropout: dropout,
            rowBase: 0, residualGradient: residualGradient, branchGradient: branchGradient, biasGradient: sums[0],
            scaleGradient: sums[1], shiftGradient: sums[2])
        }),
    ]
  }

  private static func activation(width: Int) -> [Measurement] {
    let rows = 512
    let input = normal(rows, width, seed: 1)
    let bias = Matrix(rows: 1, columns: width)
    let (slope, output) = (input.copy(), Matrix(rows: rows, columns: width))
    let gradient = normal(rows, width, seed: 2)
    let (inputGradient, biasGradient) = (Matrix(rows: rows, columns: width), Matrix(rows: 1, columns: width))
    let bytes = Double(rows * width * 4)
    return [
      Measurement(
        name: "GELU \(rows)×\(width), forward", unit: .traffic, work: 3 * bytes,
        fault: {
          slope.assign(input)
          BiasActivation.forward(input: slope, bias: bias, activation: .gelu, output: output)
          return zip(input.values, output.values).lazy.compactMap { (x: Float, y: Float) -> String? in
            let exact: Double = 0.5 * Double(x) * (1 + erf(Double(x) * 0.5.squareRoot()))
            return differs("GELU(\(x))", Double(y), from: exact, by: 1e-6)
          }.first
        },
        run: { BiasActivation.forward(input: slope, bias: bias, activation: .gelu, output: output) }),
      Measurement(
        name: "GELU \(rows)×\(width), backward", unit: .traffic, work: 3 * bytes,
        fault: {
          let row = rows / 2
          return (0..<width).lazy.compactMap { column -> String? in
            let due = Double(gradient[row, column] * slope[row, column])
            return differs("[\(row), \(column)]", Double(inputGradient[row, column]), from: due, by: 1e-6)
          }.first
        },
        run: {
          BiasActivation.backward(
            outputGradient: gradient, slope: slope, inputGradient: inputGradient, biasGradient: biasGradient)
        }),
    ]
  }
}

extension Matrix {
  /// The same numbers on a storage of their own.
  func copy() -> Matrix {
    let copy = Matrix(rows: rows, columns: columns)
    copy.assign(self)
    return copy
  }
}
