import Foundation
import Glibc

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

  /// Writes `values` from the byte `start` on.
  package static func write<Value: BitwiseCopyable>(_ values: [Value], from start: Int, to descriptor: Int32) -> Int {
    values.withUnsafeBytes { bytes in
      Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[start...]).baseAddress, bytes.count - start)
    }
  }
}

extension Data {
  /// Appends `values` as they stand in memory.
  package mutating func append(bytesOf values: [some BitwiseCopyable]) {
    values.withUnsafeBytes { append(contentsOf: $0) }
  }
}
