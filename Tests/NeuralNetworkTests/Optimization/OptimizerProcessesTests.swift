import Collectives
import Kernels
import NeuralNetwork
import TestSupport
import Testing

/// An update by several processes, each from its own gradient shards, is that of one process to the last bit.
@Suite struct OptimizerProcessesTests {
  /// Tensors of several pieces, one of which is frozen; a slice begins in the middle of a row.
  static let layout: ParameterLayout = {
    var layout = ParameterLayout()
    _ = layout.add("table", [1_100, 48])
    _ = layout.add("bias", [1_100])
    _ = layout.add("weight", [37, 5])
    _ = layout.add("frozen", [300])
    return layout
  }()

  /// Parameters, both moments and the norms after three updates by process `processes.rank`.
  @Sendable static func run(_ processes: some Processes, shards: Int, isSparse: Bool) -> [[UInt64]] {
    let tensors = ["table", "bias"].map { layout[$0]! }
    var factors = LearningRateFactors()
    factors.set(0, of: layout["frozen"]!)
    var optimizer = AdamWOptimizer(
      layout, AdamWConfiguration(), factors: factors, shards: shards, processes: processes)
    let parameters = ParameterVector(layout)
    parameters.all.fill(0.5)
    var norms: [UInt64] = []
    for step in 0..<3 {
      // Neighboring rows, so that ranges cross the ends of slices wherever these are.
      let rows = (0..<Int32(1_100)).filter { $0 % 97 > 3 || $0 % 2 == step % 2 }
      let gradients = optimizer.heldShards.map { shard in
        let random = CounterRandom(seed: UInt64(shard), purpose: 0, step: UInt64(step))
        let gradient = ParameterVector(layout)
        for tensor in layout.tensors {
          let matrix = gradient[tensor]
          let isVector = tensor.shape.count == 1
          for row in 0..<matrix.rows {
            for column in 0..<matrix.columns
            where !isSparse || !tensors.contains(tensor) || rows.contains(Int32(isVector ? column : row)) {
              matrix[row, column] = Float(random.normal(UInt64(tensor.offset + row * matrix.columns + column)))
            }
          }
        }
        return gradient
      }
      let norm = optimizer.update(
        parameters, shards: gradients, scale: 1, learningRate: 0.01,
        sparse: isSparse ? SparseRows(tensors: tensors, rows: rows) : nil, workers: Workers(threads: 2))
      norms.append(norm.bitPattern)
      for gradient in gradients {
        for tensor in layout.tensors { precondition(gradient[tensor].values.allSatisfy { $0 == 0 }, "not cleared") }
      }
    }
    optimizer.collectMoments()
    // The moments of all are in the first process alone.
    let moments = processes.rank == 0 ? [optimizer.moments.first, optimizer.moments.second] : []
    let vectors = [parameters] + moments
    return [norms] + vectors.map { $0.all.values.map { UInt64($0.bitPattern) } }
  }

  @Test(arguments: [(4, 2), (4, 3), (4, 4), (2, 2), (8, 2), (13, 3)], [false, true])
  func severalProcessesUpdateAsOne(size: (shards: Int, processes: Int), isSparse: Bool) {
    let alone = Self.run(OneProcess(), shards: size.shards, isSparse: isSparse)
    let results = ThreadProcesses.run(size.processes) { Self.run($0, shards: size.shards, isSparse: isSparse) }
    for (rank, result) in results.enumerated() {
      #expect(result == (rank == 0 ? alone : Array(alone.prefix(2))), "process \(rank)")
    }
  }
}
