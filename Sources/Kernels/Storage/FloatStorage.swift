/// A fixed block of 32-bit floats, zeroed, aligned to 64 bytes, shared by the matrices that look into it.
///
/// Sendable without the compiler's proof: who may write where is decided by the layers (one worker per row range).
package final class FloatStorage: @unchecked Sendable {
  package let count: Int
  let base: UnsafeMutablePointer<Float>

  package init(count: Int) {
    precondition(count >= 0, "a storage of \(count) floats")
    self.count = count
    let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 16) * 4, alignment: 64)
    base = raw.bindMemory(to: Float.self, capacity: max(count, 16))
    base.initialize(repeating: 0, count: max(count, 16))
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }
}
