import Collectives
import Foundation
import Kernels
import NeuralNetwork

/// Calls every operation of `MPIProcesses` and prints, in process 0, what all processes together made of it: the same lines
/// on any number of processes. Under `mpirun -n N ProcessesCheck`.
@main struct ProcessesCheck {
  static func main() {
    #if MPI
      // Messages of 20 bytes, so that nothing fits one.
      let processes = MPIProcesses(messageBytes: 20)
      if CommandLine.arguments.last == "--lose-one" {
        if processes.rank == processes.count - 1 { kill(getpid(), SIGKILL) }
        processes.wait()
      }
      let lines = [orderedSum(processes), updates(processes), bytes(processes), agreement(processes)]
      if processes.rank == 0 { print(lines.joined(separator: "\n")) }
      processes.finish()
    #else
      fatalError("build with --traits MPI")
    #endif
  }

  /// The bits of a sum of 13 shards of 1,003 numbers, each process holding some shards and adding up a slice.
  static func orderedSum(_ processes: some Processes) -> String {
    let (order, columns) = (SumOrder(shards: 13), 1_003)
    let (rank, count) = (processes.rank, processes.count)
    func slice(_ owner: Int) -> Range<Int> { columns * owner / count..<columns * (owner + 1) / count }
    var own: [Range<Int>: Matrix] = [:]
    for shard in order.held(by: rank, of: count) {
      let random = CounterRandom(seed: UInt64(shard), purpose: 0, step: 0)
      own[shard..<shard + 1] = Matrix(
        rows: 1, columns: columns, (0..<columns).map { Float(random.normal(UInt64($0))) })
    }
    func parts(_ process: Int) -> [Range<Int>] { order.partialSums(of: order.held(by: process, of: count)) }
    let sums = parts(rank).map { order.sum(own, node: $0) }
    let received = (0..<count).map { process in
      process == rank ? [] : parts(process).map { _ in Matrix(rows: 1, columns: slice(rank).count) }
    }
    processes.exchange(
      (0..<count).map { owner in owner == rank ? [] : sums.map { $0.columns(slice(owner)) } }, into: received)
    var all = Dictionary(uniqueKeysWithValues: zip(parts(rank), sums.map { $0.columns(slice(rank)) }))
    for process in 0..<count where process != rank {
      for (part, window) in zip(parts(process), received[process]) { all[part] = window }
    }
    let result = Matrix(rows: 1, columns: columns)
    result.columns(slice(rank)).assign(order.sum(all))
    processes.gather((0..<count).map { result.columns(slice($0)) })
    return "sum of 13 shards: \(hash(result))"
  }

  /// The bits of parameters and moments after three updates from 8 gradient shards, two of all rows and one of some.
  static func updates(_ processes: some Processes) -> String {
    var layout = ParameterLayout()
    let table = layout.add("table", [3_000, 48])
    _ = layout.add("bias", [1_000])
    var optimizer = AdamWOptimizer(layout, AdamWConfiguration(), shards: 8, processes: processes)
    let parameters = ParameterVector(layout)
    var norms: [Double] = []
    for step in 0..<3 {
      let rows = (0..<Int32(3_000)).filter { step < 2 || $0 % 97 > 3 }
      let shards = optimizer.heldShards.map { shard in
        let random = CounterRandom(seed: UInt64(shard), purpose: 0, step: UInt64(step))
        let gradient = ParameterVector(layout)
        for row in rows {
          for column in 0..<48 {
            gradient[table][Int(row), column] = Float(random.normal(UInt64(row) * 48 + UInt64(column)))
          }
        }
        return gradient
      }
      norms.append(
        optimizer.update(
          parameters, shards: shards, scale: 1, learningRate: 0.01,
          sparse: step < 2 ? nil : SparseRows(tensors: [table], rows: rows), workers: Workers(threads: 1)))
    }
    optimizer.collectMoments()
    let vectors = [parameters, optimizer.moments.first, optimizer.moments.second].map { hash($0.all) }
    return "three updates: \(vectors.joined(separator: " ")), norms \(norms)"
  }

  static func hash(_ matrix: Matrix) -> String {
    String(matrix.values.reduce(UInt64(0)) { ($0 ^ UInt64($1.bitPattern)) &* 0x9E37_79B9_7F4A_7C15 }, radix: 16)
  }

  /// Texts of 0, 1, … bytes dealt to the processes, put together again.
  static func bytes(_ processes: some Processes) -> String {
    var texts = (0..<50).map { number in [UInt8](repeating: UInt8(97 + number % 26), count: number) }
    for first in stride(from: 0, to: texts.count, by: processes.count) {
      let mine = first + processes.rank < texts.count ? texts[first + processes.rank] : []
      for (process, text) in processes.gather(mine).enumerated() where first + process < texts.count {
        texts[first + process] = text
      }
    }
    let whole = texts.enumerated().allSatisfy { number, text in
      text == [UInt8](repeating: UInt8(97 + number % 26), count: number)
    }
    let total = processes.sum([processes.rank == 0 ? 41 : 0, 1])[0]
    return "texts \(whole ? "are whole" : "differ"), \(total)"
  }

  static func agreement(_ processes: some Processes) -> String {
    let last = processes.rank == processes.count - 1 && processes.count > 1
    do throws(Disagreement) {
      try processes.agree(on: [SharedFact("log", "a", advice: "")], host: "here")
      try processes.agree(on: [SharedFact("log", last ? "b" : "a", advice: "give all the same")], host: "here")
    } catch {
      return error.other.rank == processes.count - 1 ? "agreement is checked" : error.description
    }
    return processes.count == 1 ? "agreement is checked" : "a difference went unseen"
  }
}
