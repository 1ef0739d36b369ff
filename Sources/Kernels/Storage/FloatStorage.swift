import Foundation

/// A fixed block of 32-bit floats, zeroed, aligned to 64 bytes, shared by the matrices that look into it.
///
/// Sendable without the compiler's proof: who may write where is decided by the layers (one worker per row range).
package final class FloatStorage: @unchecked Sendable {
  package let count: Int
  let base: UnsafeMutablePointer<Float>
  private let block: UnsafeMutableRawPointer

  package init(count: Int) {
    precondition(count >= 0, "a storage of \(count) floats")
    self.count = count
    // The system hands out large blocks as zeros that take no memory until they are written.
    guard let block = calloc(max(count, 16) + 16, 4) else { preconditionFailure("no memory for \(count) floats") }
    self.block = block
    base = block.alignedUp(toMultipleOf: 64).bindMemory(to: Float.self, capacity: max(count, 16))
  }

  deinit { free(block) }
}
