import Foundation
import Kernels
import TestSupport
import Testing

@Suite struct SampledLossTests {
  static let items = [
    SampledItems(targets: [3, 0, 7], shared: [7, 2, 2, 9, 11]),
    SampledItems(targets: [5], shared: (0..<40).map { Int32($0 % 12) }),
    SampledItems(targets: [5, 5], shared: (0..<17).map { Int32($0 % 11) }),
  ]

  enum Form: CaseIterable { case softmax, binary, pairwise }

  @Test(arguments: items, Form.allCases)
  func lossAndGradientsAgreeWithTheFormula(items: SampledItems, form: Form) {
    let width = 19
    let hidden = Grid.random(items.targets.count, width, seed: 1)
    let table = Grid.random(12, width, seed: 2)
    let bias = Grid.random(1, 12, seed: 3)
    let weights = items.targets.indices.map { 0.5 + Float($0) }
    let logQ = items.rows.map { -Float($0) / 4 }
    let loss: SampledLoss =
      switch form {
      case .softmax: .softmax(logQ: logQ)
      case .binary: .generalizedBinary(beta: 0.3)
      case .pairwise: .pairwise
      }
    func formula<S: Scalar>(_ x: [Grid<S>]) -> S {
      var sum = S(0)
      for (row, target) in items.targets.enumerated() {
        func logit(_ item: Int32) -> S {
          (0..<width).reduce(x[2][0, Int(item)]) { $0 + x[0][row, $1] * x[1][Int(item), $1] }
        }
        let negatives = items.negatives.filter { $0 != target }
        let weight = S(Double(weights[row]))
        if form == .pairwise {
          let all = negatives.reduce(S(0)) { $0 + S.log(S(1) + S.exp(logit($1) - logit(target))) }
          sum = sum + weight * all / S(Double(items.negatives.count))
        } else if form == .binary {
          let positive = S(0.3) * S.log(S(1) + S.exp(S(0) - logit(target)))
          let all = negatives.reduce(positive) { $0 + S.log(S(1) + S.exp(logit($1))) }
          sum = sum + weight * all / S(Double(1 + items.negatives.count))
        } else {
          func corrected(_ item: Int32) -> S { logit(item) + S(Double(item) / 4) }
          let all = negatives.reduce(S.exp(corrected(target))) { $0 + S.exp(corrected($1)) }
          sum = sum + weight * (S.log(all) - corrected(target))
        }
      }
      return sum
    }
    let hiddenGradient = Matrix(rows: hidden.rows, columns: width)
    let rowGradient = Matrix(rows: items.rows.count, columns: width)
    let biasGradient = Matrix(rows: items.rows.count, columns: 1)
    let workspace = Matrix(
      rows: 1,
      columns: SampledLoss.workspaceCount(
        targets: hidden.rows, negatives: items.negatives.count, width: width))
    for matrix in [hiddenGradient, rowGradient, biasGradient, workspace] { matrix.fill(.nan) }
    let result = loss.forwardBackward(
      hidden: hidden.matrix(), table: table.matrix(), bias: bias.matrix(), items: items, weights: weights,
      hiddenGradient: hiddenGradient, rowGradient: rowGradient, biasGradient: biasGradient, workspace: workspace)
    #expect(abs(result.loss - formula([hidden, table, bias])) < 1e-4)

    let tableGradient = Matrix(rows: 12, columns: width)
    Rows.scatterAdd(rowGradient, items.rows, into: tableGradient)
    let wholeBias = Matrix(rows: 12, columns: 1)
    Rows.scatterAdd(biasGradient, items.rows, into: wholeBias)
    let gradients = [hiddenGradient, tableGradient, wholeBias.reshaped(rows: 1, columns: 12)]
    #expect(derivativeError([hidden, table, bias], gradients, loss: formula) < 1e-5)
  }

  @Test func rowsAreNamedOnceInOrder() {
    #expect(Self.items[0].rows == [0, 2, 3, 7, 9, 11])
  }

  @Test func calibrationLeadsFromPlainBinaryToTheSamplingShare() {
    #expect(SampledLoss.generalizedBinary(negatives: 256, items: 1025, calibration: 0) == .generalizedBinary(beta: 1))
    #expect(
      SampledLoss.generalizedBinary(negatives: 256, items: 1025, calibration: 1) == .generalizedBinary(beta: 0.25))
    #expect(
      SampledLoss.generalizedBinary(negatives: 256, items: 1025, calibration: 0.75)
        == .generalizedBinary(beta: 0.4375))
  }
}
