import Foundation
import Glibc
import Synchronization

/// The reads and writes of the system on arrays of plain values, so that no other target needs a pointer.
///
/// Places and counts are in bytes; each call is one call of the system, so it may do less than it was given, and says what
/// it did, or -1 with `errno` set.
package enum SystemBytes {
  /// Overwrites `buffer` from the byte `start` on with what stands next in the file.
  package static func read<Value: BitwiseCopyable>(
    _ descriptor: Int32, into buffer: inout [Value], from start: Int
  ) -> Int {
    buffer.withUnsafeMutableBytes {
      Glibc.read(descriptor, UnsafeMutableRawBufferPointer(rebasing: $0[start...]).baseAddress, $0.count - start)
    }
  }

  /// Overwrites `buffer` from the byte `start` on with what stands at `offset` in the file.
  package static func read<Value: BitwiseCopyable>(
    _ descriptor: Int32, at offset: Int, into buffer: inout [Value], from start: Int
  ) -> Int {
    buffer.withUnsafeMutableBytes { bytes in
      pread(
        descriptor, UnsafeMutableRawBufferPointer(rebasing: bytes[start...]).baseAddress, bytes.count - start,
        off_t(offset))
    }
  }

  /// Up to `count` bytes of an open file from `start` on; none where it cannot be read.
  package static func section(of descriptor: Int32, at start: Int, count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let more = read(descriptor, at: start + filled, into: &bytes, from: filled)
      guard more > 0 || (more < 0 && errno == EINTR) else { break }
      filled += max(0, more)
    }
    return Array(bytes.prefix(filled))
  }

  /// Writes `values` from the byte `start` on.
  package static func write<Value: BitwiseCopyable>(_ values: [Value], from start: Int, to descriptor: Int32) -> Int {
    values.withUnsafeBytes { bytes in
      Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[start...]).baseAddress, bytes.count - start)
    }
  }
}

/// Whether a signal has told the process to stop: what waits for input looks at it, since only a handler can tell it.
package enum StopRequest {
  private static let flag = Atomic<Bool>(false)

  /// Makes the request; safe in a signal's handler, once `isMade` was read outside of one.
  package static func make() { flag.store(true, ordering: .relaxed) }

  package static var isMade: Bool { flag.load(ordering: .relaxed) }
}

extension SystemBytes {
  /// Waits until `descriptor`, of a pipe or a terminal, has bytes or has come to its end; false where a signal told the process
  /// to stop meanwhile.
  package static func waitForInput(_ descriptor: Int32) -> Bool {
    while !StopRequest.isMade {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let found = poll(&waiting, 1, 100)
      if found > 0 || found < 0 && errno != EINTR && errno != EAGAIN { return !StopRequest.isMade }
    }
    return false
  }
}

extension Data {
  /// Appends `values` as they stand in memory.
  package mutating func append(bytesOf values: [some BitwiseCopyable]) {
    values.withUnsafeBytes { append(contentsOf: $0) }
  }
}

/// Paths that fit a pattern of the shell, such as `events/2024-*.csv`.
package enum FilePattern {
  /// The paths there are that fit, in no order; none where the pattern is malformed.
  package static func paths(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, GLOB_NOSORT, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
  }
}
