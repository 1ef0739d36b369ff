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
  /// process's slice; the rest holds partial sums afterwards.
  ///
  /// A range that crosses the end of a slice is summed by both neighbors, to the same bytes.
  /// - Parameters:
  ///   - shards: the gradients of `held`.
  ///   - ranges: ascending flat ranges, the same in every process.
  func sum(_ shards: [ParameterVector], over ranges: [Range<Int>], workers: Workers) {
    let parts = (0..<processes.count).map {
      order.partialSums(of: order.held(by: $0, of: processes.count))
    }
    let held = held
    let own = parts[processes.rank]
    if own.contains(where: { $0.count > 1 }) {
      workers.run(ranges.count) { index in
        for part in own {
          let terms = part.map { ($0..<$0 + 1, shards[$0 - held.lowerBound].flat(ranges[index])) }
          order.sum(Dictionary(uniqueKeysWithValues: terms), node: part)
        }
      }
    }
    // First what two processes sum: a sum overwrites what the other still needs, unless all is sent before.
    let crossing = ranges.filter { range in slices.count { $0.overlaps(range) } > 1 }
    sum(crossing, in: crossing.reduce(0) { $0 + $1.count }, shards, parts, workers)
    sum(ranges.filter { range in slices.count { $0.overlaps(range) } == 1 }, in: vector.block, shards, parts, workers)
  }

  /// Sums `ranges` by messages of at most `block` floats; `parts` are the partial sums of each process.
  private func sum(
    _ ranges: [Range<Int>], in block: Int, _ shards: [ParameterVector], _ parts: [[Range<Int>]], _ workers: Workers
  ) {
    let (rank, held) = (processes.rank, held)
    let own = parts[rank]
    @Sendable func window(_ part: Range<Int>, _ range: Range<Int>) -> Matrix {
      shards[part.lowerBound - held.lowerBound].flat(range)
    }
    let wanted = slices.map { slice in vector.blocks(ranges.filter { $0.overlaps(slice) }, of: block) }
    for round in 0..<(wanted.map(\.count).max() ?? 0) {
      let outgoing = wanted.enumerated().map { process, blocks in
        process == rank || round >= blocks.count
          ? [] : own.map { part in vector.pack(blocks[round]) { window(part, $0) } }
      }
      let mine = round < wanted[rank].count ? wanted[rank][round] : []
      let places = vector.places(mine)
      let incoming = parts.enumerated().map { process, parts in
        process == rank || mine.isEmpty ? [] : parts.map { _ in Matrix(rows: 1, columns: places[mine.count]) }
      }
      processes.exchange(outgoing, into: incoming)
      workers.run(mine.count) { index in
        var terms = Dictionary(uniqueKeysWithValues: own.map { ($0, window($0, mine[index])) })
        for (parts, windows) in zip(parts, incoming) {
          for (part, window) in zip(parts, windows) { terms[part] = window.columns(places[index]..<places[index + 1]) }
        }
        shards[0].flat(mine[index]).assign(order.sum(terms))
      }
    }
  }
}
