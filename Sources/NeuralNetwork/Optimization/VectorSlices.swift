import Collectives
import Kernels

/// The flat vector of a network's numbers, cut into one slice for each process.
package struct VectorSlices: Sendable {
  package let processes: any Processes
  /// `[processes]` flat ranges, one behind the other.
  package let slices: [Range<Int>]
  /// Floats of a message at most, which bound the memory of an exchange.
  let block: Int

  /// Slices of nearly the same size.
  ///
  /// - Parameters:
  ///   - floats: the length of the flat vector.
  ///   - starts: where a slice may begin, ascending.
  package init(_ processes: any Processes, floats: Int, starts: [Int], block: Int = 1 << 20) {
    let count = processes.count
    let bounds = (1..<count).map { process in starts.first { $0 >= floats / count * process } ?? floats }
    self.init(processes, slices: zip([0] + bounds, bounds + [floats]).map { $0..<$1 }, block: block)
  }

  package init(_ processes: any Processes, slices: [Range<Int>], block: Int = 1 << 20) {
    precondition(slices.count == processes.count, "\(slices.count) slices for \(processes.count) processes")
    self.processes = processes
    self.slices = slices
    self.block = block
  }

  /// The slice of this process.
  package var own: Range<Int> { slices[processes.rank] }

  /// Overwrites `vector`, over `ranges`, with each slice of the process that owns it: in process `receiver`, in all if nil.
  package func gather(_ vector: ParameterVector, over ranges: [Range<Int>], in receiver: Int? = nil) {
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
        unpack(slices[process], blocks(process), into: vector)
      }
    }
  }

  /// `ranges` in groups of at most `block` floats.
  func blocks(_ ranges: [Range<Int>], of block: Int) -> [[Range<Int>]] {
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
  func places(_ ranges: [Range<Int>]) -> [Int] {
    ranges.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  }

  /// The windows of `ranges`, one behind the other.
  func pack(_ ranges: [Range<Int>], _ window: (Range<Int>) -> Matrix) -> Matrix {
    let places = places(ranges)
    let message = Matrix(rows: 1, columns: places[ranges.count])
    for (index, range) in ranges.enumerated() {
      message.columns(places[index]..<places[index + 1]).assign(window(range))
    }
    return message
  }

  /// Overwrites `ranges` of `vector` by what `pack` made of them.
  func unpack(_ message: Matrix, _ ranges: [Range<Int>], into vector: ParameterVector) {
    let places = places(ranges)
    for (index, range) in ranges.enumerated() {
      vector.flat(range).assign(message.columns(places[index]..<places[index + 1]))
    }
  }
}
