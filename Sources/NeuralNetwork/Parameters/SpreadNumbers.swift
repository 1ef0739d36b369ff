import Collectives
import Kernels
import Synchronization

/// Vectors whose numbers stand in several processes, given to process 0 piece by piece: what it writes to a file is never whole
/// in its memory.
///
/// Every process makes one of the same parts and calls `finish`; process 0 may call `read` before.
package final class SpreadNumbers: Sendable {
  private let items: ItemShards
  private let parts: [(vector: ParameterVector, range: Range<Int>)]
  private let isRead = Mutex(false)

  /// - Parameter parts: flat ranges of vectors, read in this order.
  package init(_ items: ItemShards, _ parts: [(vector: ParameterVector, range: Range<Int>)]) {
    self.items = items
    self.parts = parts
  }

  /// In process 0, once: gives `body` the numbers of all parts in order, as windows without gaps.
  ///
  /// - Throws: what `body` throws; the other processes do not notice.
  package func read<Failure: Error>(_ body: (Matrix) throws(Failure) -> Void) throws(Failure) {
    precondition(items.processes.rank == 0 && !isRead.withLock { $0 }, "spread numbers are read once, by process 0")
    isRead.withLock { $0 = true }
    _ = items.processes.any([true])
    var failure: Failure?
    pass { window in
      if failure != nil { return }
      do throws(Failure) { try body(window) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// In process 0, says that nothing more is read; in the others, gives what process 0 reads.
  package func finish() {
    if items.processes.rank == 0 {
      if !isRead.withLock({ $0 }) { _ = items.processes.any([false]) }
    } else if items.processes.any([false])[0] {
      pass { _ in }
    }
  }

  /// Sends all pieces to process 0, which shows each to `body`.
  private func pass(_ body: (Matrix) -> Void) {
    let (rank, count) = (items.processes.rank, items.processes.count)
    for part in parts {
      for (piece, owner) in items.pieces(of: part.range) {
        if rank == 0 && owner == 0 {
          body(part.vector.flat(piece))
        } else if owner != 0 {
          let window = rank == 0 ? Matrix(rows: 1, columns: piece.count) : part.vector.flat(piece)
          items.processes.exchange(
            (0..<count).map { rank == owner && $0 == 0 ? [window] : [] },
            into: (0..<count).map { rank == 0 && $0 == owner ? [window] : [] })
          if rank == 0 { body(window) }
        }
      }
    }
  }
}

extension ItemShards {
  /// `range` of the flat vector in pieces of a message each, with the process that has its numbers.
  func pieces(of range: Range<Int>) -> [(range: Range<Int>, owner: Int)] {
    slices.slices.enumerated().flatMap { owner, slice in
      let own = slice.clamped(to: range)
      return stride(from: own.lowerBound, to: own.upperBound, by: slices.block).map { start in
        (start..<min(start + slices.block, own.upperBound), owner)
      }
    }
  }

  /// Overwrites what each process keeps of `vector` by what `read` gives in process 0, piece by piece.
  ///
  /// - Parameter read: gives the numbers of a flat range; called in process 0 only.
  package func distribute(into vector: ParameterVector, _ read: (Range<Int>) -> [Float]) {
    let (rank, count) = (processes.rank, processes.count)
    for (piece, owner) in pieces(of: 0..<vector.layout.count) {
      // What is no row of the table stands everywhere.
      for range in [piece.clamped(to: table.range)] where !range.isEmpty {
        send(range, to: [owner])
      }
      for range in [
        piece.clamped(to: 0..<table.offset), piece.clamped(to: table.range.upperBound..<vector.layout.count),
      ] where !range.isEmpty {
        send(range, to: Array(0..<count))
      }
    }
    func send(_ range: Range<Int>, to receivers: [Int]) {
      let window = Matrix(rows: 1, columns: range.count)
      if rank == 0 { window.assign(read(range)) }
      let others = receivers.filter { $0 != 0 }
      processes.exchange(
        (0..<count).map { rank == 0 && others.contains($0) ? [window] : [] },
        into: (0..<count).map { $0 == 0 && others.contains(rank) ? [window] : [] })
      if receivers.contains(rank) { vector.flat(range).assign(window) }
    }
  }
}
