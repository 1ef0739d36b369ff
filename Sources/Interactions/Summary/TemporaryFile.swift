import DurableFiles
import Glibc

/// A file of 64-bit keys without a name: it is gone when the program ends, however it ends.
final class TemporaryFile: Sendable {
  private let descriptor: Int32

  init() throws(LogError) {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(folder)/cloze-XXXXXX".utf8CString)
    descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw Self.failure() }
    unlink(name)
  }

  deinit { close(descriptor) }

  /// Writes `keys` behind all others and returns where they stand, in keys.
  func append(_ keys: [UInt64]) throws(LogError) -> Range<Int> {
    let start = Int(lseek(descriptor, 0, SEEK_END))
    var written = 0
    let size = keys.count * MemoryLayout<UInt64>.size
    while written < size {
      let count = SystemBytes.write(keys, from: written, to: descriptor)
      guard count > 0 || errno == EINTR else { throw Self.failure() }
      written += max(0, count)
    }
    let first = start / MemoryLayout<UInt64>.size
    return first..<first + keys.count
  }

  /// Appends the keys that stand at `range` to `keys`.
  func read(_ range: Range<Int>, into keys: inout [UInt64]) throws(LogError) {
    let old = keys.count
    let width = MemoryLayout<UInt64>.size
    keys.append(contentsOf: repeatElement(0, count: range.count))
    var done = 0
    let size = range.count * width
    while done < size {
      let count = SystemBytes.read(
        descriptor, at: range.lowerBound * width + done, into: &keys, from: old * width + done)
      guard count > 0 || (count < 0 && errno == EINTR) else { throw Self.failure() }
      done += max(0, count)
    }
  }

  private static func failure() -> LogError { .temporaryFile(reason: String(cString: strerror(errno))) }
}
