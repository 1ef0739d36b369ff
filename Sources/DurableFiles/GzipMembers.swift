import CZlib

/// Unpacks gzip members that follow one another; what comes behind the last and is no member is left out, as gzip does.
package final class GzipMembers {
  /// What unpacking came to.
  package enum Outcome {
    case bytes(Int)
    case damaged(String)
  }

  /// How a member begins.
  package static let magic: [UInt8] = [0x1f, 0x8b]
  /// zlib keeps a pointer to it, so it has a place of its own.
  private let stream: UnsafeMutablePointer<z_stream>
  /// Whether a member has begun and not ended.
  package private(set) var isInside = true
  private var isBehindTheLast = false

  package init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 16: gzip headers alone.
    let code = inflateInit2_(stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(code == Z_OK, "zlib \(ZLIB_VERSION) cannot begin: \(code)")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Unpacks `packed` from `taken` on into `buffer` from `start` on, and moves `taken` behind what was used.
  package func unpack(
    _ packed: [UInt8], from taken: inout Int, into buffer: inout [UInt8], from start: Int
  ) -> Outcome {
    if !isInside {
      if isBehindTheLast || packed[taken] != Self.magic[0] {
        isBehindTheLast = true
        taken = packed.count
        return .bytes(0)
      }
      inflateReset(stream)
      isInside = true
    }
    let free = buffer.count - start
    let code = packed.withUnsafeBufferPointer { packed in
      buffer.withUnsafeMutableBufferPointer { buffer in
        stream.pointee.next_in = UnsafeMutablePointer(mutating: packed.baseAddress! + taken)
        stream.pointee.avail_in = UInt32(packed.count - taken)
        stream.pointee.next_out = buffer.baseAddress! + start
        stream.pointee.avail_out = UInt32(free)
        return inflate(stream, Z_NO_FLUSH)
      }
    }
    taken = packed.count - Int(stream.pointee.avail_in)
    if code == Z_STREAM_END { isInside = false }
    guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
      return .damaged(stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(code)")
    }
    return .bytes(free - Int(stream.pointee.avail_out))
  }
}
