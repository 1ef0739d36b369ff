import Kernels

extension Measurement {
  /// What runs over all parameters once per step.
  static func parameters(count: Int) -> [Measurement] {
    let names = ["values", "gradient", "first", "second"]
    let parts = names.indices.map { _ in Matrix(rows: 1, columns: count) }
    parts[1].fill(0.5)
    let shards = (0..<8).map { _ in Matrix(rows: 1, columns: count) }
    for (index, shard) in shards.enumerated() { shard.fill(Float(index)) }
    let sum = Matrix(rows: 1, columns: count)
    return [
      Measurement(
        name: "AdamW, \(count) parameters", unit: .traffic, work: 28 * Double(count),
        fault: {
          // The first step moves every parameter by the learning rate, whatever its gradient.
          differs("the first step", Double(parts[0][0, count - 1]), from: -0.001, by: 1e-6)
        },
        run: {
          AdamW(
            learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, gradientScale: 1, step: 1
          ).update(values: parts[0], gradient: parts[1], first: parts[2], second: parts[3])
        }),
      Measurement(
        name: "sum of 8 shards, \(count) parameters", unit: .traffic, work: 36 * Double(count),
        fault: { differs("a sum", Double(sum[0, count - 1]), from: 28, by: 0) },
        run: { Reduction.sum(shards: shards, into: sum) }),
    ]
  }
}
