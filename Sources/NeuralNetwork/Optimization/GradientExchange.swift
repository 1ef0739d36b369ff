import Collectives
import Kernels

/// What processes do for each other in an update: each sums the gradients of one slice of the parameters and updates it.
///
/// Gradients, moments and parameters have one flat vector, of which slice r belongs to process r: its moments are read and
/// written there only, so their memory falls with the number of processes.
struct GradientExchange: Sendable {
  let processes: any Processes
  let order: SumOrder
  /// `[processes]` flat ranges, one behind the other.
  let slices: [Range<Int>]
  /// Floats of a message at most, which bound the memory of an exchange.
  private let block: Int

  /// - Parameters:
  ///   - floats: the length of the flat vector.
  ///   - starts: where a slice may begin, ascending.
  init(_ processes: any Processes, order: SumOrder, floats: Int, starts: [Int], block: Int = 1 << 20) {
    let count = processes.count
    precondition(order.shards >= count, "\(order.shards) gradient shards for \(count) processes")
    self.processes = processes
    self.order = order
    self.block = block
    let bounds = (1..<count).map { process in starts.first { $0 >= floats / count * process } ?? floats }
    slices = zip([0] + bounds, bounds + [floats]).map { $0..<$1 }
  }

  var isAlone: Bool { processes.count == 1 }
  /// The slice of this process.
  var slice: Range<Int> { slices[processes.rank] }
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
    sum(ranges.filter { range in slices.count { $0.overlaps(range) } == 1 }, in: block, shards, parts, workers)
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
    let wanted = slices.map { slice in blocks(ranges.filter { $0.overlaps(slice) }, of: block) }
    for round in 0..<(wanted.map(\.count).max() ?? 0) {
      let outgoing = wanted.enumerated().map { process, blocks in
        process == rank || round >= blocks.count
          ? [] : own.map { part in pack(blocks[round]) { window(part, $0) } }
      }
      let mine = round < wanted[rank].count ? wanted[rank][round] : []
      let places = places(mine)
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

  /// Overwrites `vector`, over `ranges`, with each slice of the process that owns it: in process `receiver`, in all if nil.
  func gather(_ vector: ParameterVector, over ranges: [Range<Int>], in receiver: Int? = nil) {
    let (rank, count) = (processes.rank, processes.count)
    let receives = receiver == nil || receiver == rank
    let owned = slices.map { slice in blocks(ranges.map { $0.clamped(to: slice) }.filter { !$0.isEmpty }, of: block) }
    for round in 0..<(owned.map(\.count).max() ?? 0) {
      func blocks(_ process: Int) -> [Range<Int>] { round < owned[process].count ? owned[process][round] : [] }
      let slices = (0..<count).map { process in
        process == rank
          ? pack(blocks(process)) { vector.flat($0) }
          : Matrix(rows: 1, columns: receives ? places(blocks(process))[blocks(process).count] : 0)
      }
      processes.exchange(
        (0..<count).map { $0 == rank || receiver ?? $0 != $0 ? [] : [slices[rank]] },
        into: (0..<count).map { $0 == rank || !receives ? [] : [slices[$0]] })
      for process in 0..<count where process != rank && receives {
        let places = places(blocks(process))
        for (index, range) in blocks(process).enumerated() {
          vector.flat(range).assign(slices[process].columns(places[index]..<places[index + 1]))
        }
      }
    }
  }

  /// `ranges` in groups of at most `block` floats.
  private func blocks(_ ranges: [Range<Int>], of block: Int) -> [[Range<Int>]] {
    var blocks: [[Range<Int>]] = []
    var filled = block
    for range in ranges {
      if filled + range.count > block {
        blocks.append([])
        filled = 0
      }
      blocks[blocks.count - 1].append(range)
      filled += range.count
    }
    return blocks
  }

  /// Where each of `ranges` begins in a message, and the message's end.
  private func places(_ ranges: [Range<Int>]) -> [Int] {
    ranges.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  }

  /// The windows of `ranges`, one behind the other.
  private func pack(_ ranges: [Range<Int>], _ window: (Range<Int>) -> Matrix) -> Matrix {
    let places = places(ranges)
    let message = Matrix(rows: 1, columns: places[ranges.count])
    for (index, range) in ranges.enumerated() {
      message.columns(places[index]..<places[index + 1]).assign(window(range))
    }
    return message
  }
}
