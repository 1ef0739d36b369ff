import Foundation
import Glibc

/// A fixed block of 32-bit floats, zeroed, aligned to 64 bytes, shared by the matrices that are windows on it.
///
/// Sendable without the compiler's proof: the layers decide which thread writes where (one worker per row range).
package final class FloatStorage: @unchecked Sendable {
  package let count: Int
  let base: UnsafeMutablePointer<Float>
  private let block: Block

  private enum Block {
    case heap(UnsafeMutableRawPointer)
    case pages(UnsafeMutableRawPointer, bytes: Int)
  }

  package init(count: Int) {
    precondition(count >= 0, "a storage of \(count) floats")
    self.count = count
    // The system hands out large blocks as zeros that take no memory until they are written.
    guard let block = calloc(max(count, 16) + 16, 4) else { preconditionFailure("no memory for \(count) floats") }
    self.block = .heap(block)
    base = block.alignedUp(toMultipleOf: 64).bindMemory(to: Float.self, capacity: max(count, 16))
  }

  /// A storage that may be larger than the machine's memory: it takes memory page by page as it is written, and
  /// `Matrix.discard` gives pages back.
  package init(sparse count: Int) {
    precondition(count >= 0, "a storage of \(count) floats")
    self.count = count
    let bytes = max(count, 16) * MemoryLayout<Float>.size
    let block = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let block, block != MAP_FAILED else {
      preconditionFailure("no address space for \(count) floats: look at `ulimit -v` and vm.overcommit_memory")
    }
    // A row of a table would take two megabytes where the system makes pages that large.
    madvise(block, bytes, MADV_NOHUGEPAGE)
    self.block = .pages(block, bytes: bytes)
    base = block.bindMemory(to: Float.self, capacity: max(count, 16))
  }

  deinit {
    switch block {
    case .heap(let block): free(block)
    case .pages(let block, let bytes): munmap(block, bytes)
    }
  }
}

extension Matrix {
  /// Sets every element to 0 and gives the memory of whole pages back to the system; only for a matrix without gaps.
  package func discard() {
    precondition(isContiguous, "memory is given back in rows without gaps")
    let page = Int(getpagesize())
    let (start, end) = (UnsafeMutableRawPointer(base), UnsafeMutableRawPointer(base + count))
    let first = start.alignedUp(toMultipleOf: page)
    let last = end.alignedDown(toMultipleOf: page)
    guard first < last, madvise(first, last - first, MADV_DONTNEED) == 0 else { return fill(0) }
    start.initializeMemory(as: UInt8.self, repeating: 0, count: first - start)
    last.initializeMemory(as: UInt8.self, repeating: 0, count: end - last)
  }
}
