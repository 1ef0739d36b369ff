import Collectives
import Kernels

/// What processes do for each other in an update: each sums the gradients of one slice of the parameters and updates it.
///
/// Gradients, moments and parameters have one flat vector, of which slice r belongs to process r: its moments are read and
/// written there only, so their memory falls with the number of processes.
struct GradientExchange: Sendable {
  let order: SumOrder
  let vector: VectorSlices

  init(_ vector: VectorSlices, order: SumOrder) {
    let count = vector.processes.count
    precondition(order.shards >= count, "\(order.shards) gradient shards for \(count) processes")
    self.order = order
    self.vector = vector
  }

  var processes: any Processes { vector.processes }
  private var slices: [Range<Int>] { vector.slices }
  var isAlone: Bool { processes.count == 1 }
  /// The slice of this process.
  var slice: Range<Int> { vector.own }
  /// The shards whose gradients this process computes.
  var held: Range<Int> { order.held(by: processes.rank, of: processes.count) }

  /// Overwrites the first of `shards` with the sum of the shards of all processes, over those of `ranges` that overlap this
  /// process's slice.
  ///
  /// A range that crosses the end of a slice is summed by both neighbors, to the same bytes.
  /// - Parameters:
  ///   - shards: the gradients of `held`.
  ///   - ranges: ascending flat ranges, the same in every process.
  func sum(_ shards: [ParameterVector], over ranges: [Range<Int>], workers: Workers) {
    let parts = (0..<processes.count).map {
      order.partialSums(of: order.held(by: $0, of: processes.count))
    }
    // First what two processes sum: a sum overwrites what the other still needs, unless all is sent before.
    let crossing = ranges.filter { range in slices.count { $0.overlaps(range) } > 1 }
    sum(crossing, in: crossing.reduce(0) { $0 + $1.count }, shards, parts, workers)
    sum(ranges.filter { range in slices.count { $0.overlaps(range) } == 1 }, in: vector.block, shards, parts, workers)
  }

  /// Sums `ranges` by messages of at most `block` floats; `parts` are the partial sums of each process.
  ///
  /// Messages are summed whole: the rows of a sparse step are too many to be looked at one by one.
  private func sum(
    _ ranges: [Range<Int>], in block: Int, _ shards: [ParameterVector], _ parts: [[Range<Int>]], _ workers: Workers
  ) {
    let rank = processes.rank
    let own = parts[rank]
    let wanted = slices.map { slice in vector.blocks(ranges.filter { $0.overlaps(slice) }, of: block) }
    for round in 0..<(wanted.map(\.count).max() ?? 0) {
      let blocks = wanted.map { round < $0.count ? $0[round] : [] }
      let packed = workers.map(blocks.count * own.count) { index in
        partialSum(own[index % own.count], shards, over: blocks[index / own.count])
      }
      let outgoing = blocks.indices.map { process in
        process == rank || blocks[process].isEmpty ? [] : Array(packed[process * own.count..<(process + 1) * own.count])
      }
      let mine = blocks[rank]
      let places = vector.places(mine)
      let incoming = parts.enumerated().map { process, parts in
        process == rank || mine.isEmpty ? [] : parts.map { _ in Matrix(rows: 1, columns: places[mine.count]) }
      }
      processes.exchange(outgoing, into: incoming)
      if mine.isEmpty { continue }
      var all = Dictionary(uniqueKeysWithValues: zip(own, packed[rank * own.count..<(rank + 1) * own.count]))
      for (parts, windows) in zip(parts, incoming) { for (part, window) in zip(parts, windows) { all[part] = window } }
      let (terms, total) = (all, places[mine.count])
      workers.run((total + Self.columns - 1) / Self.columns) { index in
        order.sum(terms.mapValues { $0.columns(index * Self.columns..<min(total, (index + 1) * Self.columns)) })
      }
      // Sums are made in the window of the first part.
      guard let sum = terms[parts[0][0]] else { preconditionFailure("a sum without its first part") }
      vector.unpack(sum, mine, into: shards[0])
    }
  }

  /// The sum of a part's shards, one window of `ranges` behind the other.
  private func partialSum(_ part: Range<Int>, _ shards: [ParameterVector], over ranges: [Range<Int>]) -> Matrix {
    let held = held
    let terms = part.map { shard in
      (shard..<shard + 1, vector.pack(ranges) { shards[shard - held.lowerBound].flat($0) })
    }
    return order.sum(Dictionary(uniqueKeysWithValues: terms), node: part)
  }

  /// Overwrites, in the process whose slice has the first number of a range, the rest of it by what the other processes have.
  ///
  /// - Parameter ranges: the same in every process; those within a slice are left as they are.
  func complete(_ ranges: [Range<Int>], of numbers: ParameterVector) {
    var messages = Messages(processes)
    for range in ranges {
      guard let first = slices.firstIndex(where: { $0.contains(range.lowerBound) }) else { continue }
      for process in slices.indices where process != first {
        let part = range.clamped(to: slices[process])
        if part.isEmpty { continue }
        if process == processes.rank { messages.send(numbers.flat(part), to: first) }
        if first == processes.rank { messages.receive(numbers.flat(part), from: process) }
      }
    }
    messages.exchange()
  }

  /// Columns of a message that a thread sums at once.
  private static let columns = 16_384
}
