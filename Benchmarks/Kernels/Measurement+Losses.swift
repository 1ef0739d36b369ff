import Foundation
import Kernels

extension Measurement {
  /// The full softmax of a micro-batch's targets, and the sampled one in its place.
  static func losses(targets: Int, items: Int, width: Int) -> [Measurement] {
    let hidden = normal(targets, width, seed: 1)
    let table = normal(items, width, seed: 2)
    let bias = normal(1, items, seed: 3)
    let random = CounterRandom(seed: 4, purpose: 0, step: 0)
    let aims = (0..<targets).map { Int32(random.below(items, UInt64($0))) }
    let weights = [Float](repeating: 1, count: targets)
    let (hiddenGradient, tableGradient) = (Matrix(rows: targets, columns: width), Matrix(rows: items, columns: width))
    let biasGradient = Matrix(rows: 1, columns: items)
    let workspace = Matrix(
      rows: 1, columns: ItemSoftmax.workspaceCount(targets: targets, items: items, width: width))
    func run() -> ItemSoftmax.Result {
      ItemSoftmax.forwardBackward(
        hidden: hidden, table: table, bias: bias, targets: aims, weights: weights, hiddenGradient: hiddenGradient,
        tableGradient: tableGradient, biasGradient: biasGradient, workspace: workspace)
    }
    let name = "\(targets) targets × \(items) items × \(width)"
    return [
      Measurement(
        name: "softmax \(name)", unit: .arithmetic, work: 6 * Double(targets * items * width),
        fault: {
          // One target alone, by the definition; and the gradients of the biases add up to nothing.
          let logits: [Double] = (0..<items).map { item in
            Double(bias[0, item]) + Reduction.dot(hidden.prefix(1), table.rows(item..<item + 1))
          }
          let top = logits.max() ?? 0
          let sum: Double = logits.reduce(0) { $0 + exp($1 - top) }
          let due = log(sum) + top - logits[Int(aims[0])]
          let found = ItemSoftmax.loss(
            hidden: hidden.prefix(1), table: table, bias: bias, targets: [aims[0]], weights: [1], workspace: workspace)
          biasGradient.fill(0)
          _ = run()
          let left: Float = biasGradient.values.reduce(0, +)
          return differs("the loss of target 0", found.loss, from: due, by: 1e-3)
            ?? differs("the sum of bias gradients", Double(left), from: 0, by: 1e-3)
        }, run: { _ = run() }),
      sampled(hidden, table, bias, aims, weights, hiddenGradient),
    ]
  }

  private static func sampled(
    _ hidden: Matrix, _ table: Matrix, _ bias: Matrix, _ aims: [Int32], _ weights: [Float], _ hiddenGradient: Matrix
  ) -> Measurement {
    let (targets, width, negatives) = (hidden.rows, hidden.columns, 256)
    let random = CounterRandom(seed: 5, purpose: 0, step: 0)
    let items = SampledItems(
      targets: aims, shared: (0..<negatives).map { Int32(random.below(table.rows, UInt64($0))) })
    let rowGradient = Matrix(rows: items.rows.count, columns: width)
    let biasGradient = Matrix(rows: items.rows.count, columns: 1)
    let workspace = Matrix(
      rows: 1, columns: SampledLoss.workspaceCount(targets: targets, negatives: negatives, width: width))
    let loss = SampledLoss.softmax(logQ: [Float](repeating: 0, count: items.rows.count))
    return Measurement(
      name: "sampled softmax \(targets) × \(negatives) of \(table.rows) × \(width)", unit: .arithmetic,
      work: 6 * Double(targets * negatives * width),
      fault: {
        differs("the sum of bias gradients", Double(biasGradient.values.reduce(0, +)), from: 0, by: 1e-3)
      },
      run: {
        _ = loss.forwardBackward(
          hidden: hidden, table: table, bias: bias, items: items, weights: weights, hiddenGradient: hiddenGradient,
          rowGradient: rowGradient, biasGradient: biasGradient, workspace: workspace)
      })
  }
}
