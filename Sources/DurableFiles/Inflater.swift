import CZlib

/// zlib's inflation of one stream after another.
package final class Inflater {
  /// What unpacking came to.
  package enum Outcome {
    /// So many bytes; the stream may have ended with them.
    case bytes(Int, isEnd: Bool)
    case damaged(String)
  }

  /// What surrounds a deflated stream.
  package enum Wrapping {
    case gzip
    /// Nothing, as in a zip archive.
    case raw
  }

  /// zlib keeps a pointer to it, so it has a place of its own.
  private let stream: UnsafeMutablePointer<z_stream>

  package init(_ wrapping: Wrapping) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let bits = wrapping == .gzip ? 16 + MAX_WBITS : -MAX_WBITS
    let code = inflateInit2_(stream, bits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(code == Z_OK, "zlib \(ZLIB_VERSION) cannot begin: \(code)")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Begins the next stream.
  package func reset() { inflateReset(stream) }

  /// Unpacks `packed` from `taken` on into `buffer` from `start` on, and moves `taken` behind what was used.
  package func unpack(_ packed: [UInt8], from taken: inout Int, into buffer: inout [UInt8], from start: Int) -> Outcome
  {
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
    guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
      return .damaged(stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(code)")
    }
    return .bytes(free - Int(stream.pointee.avail_out), isEnd: code == Z_STREAM_END)
  }
}

/// Unpacks gzip members that follow one another; what comes behind the last and is no member is left out, as gzip does.
package final class GzipMembers {
  /// How a member begins.
  package static let magic: [UInt8] = [0x1f, 0x8b]
  private let inflater = Inflater(.gzip)
  /// Whether a member has begun and not ended.
  package private(set) var isInside = true
  private var isBehindTheLast = false

  package init() {}

  /// Unpacks `packed` from `taken` on into `buffer` from `start` on, and moves `taken` behind what was used.
  package func unpack(
    _ packed: [UInt8], from taken: inout Int, into buffer: inout [UInt8], from start: Int
  ) -> Inflater.Outcome {
    if !isInside {
      if isBehindTheLast || packed[taken] != Self.magic[0] {
        isBehindTheLast = true
        taken = packed.count
        return .bytes(0, isEnd: true)
      }
      inflater.reset()
      isInside = true
    }
    let outcome = inflater.unpack(packed, from: &taken, into: &buffer, from: start)
    if case .bytes(_, isEnd: true) = outcome { isInside = false }
    return outcome
  }
}

/// The checksum of gzip and zip.
package struct CRC32 {
  package private(set) var value = UInt32(truncatingIfNeeded: crc32(0, nil, 0))

  package init() {}

  /// Takes in `count` bytes of `bytes` from `start` on.
  package mutating func update(_ bytes: [UInt8], from start: Int, count: Int) {
    value = bytes.withUnsafeBufferPointer {
      UInt32(truncatingIfNeeded: crc32(UInt(value), $0.baseAddress.map { $0 + start }, UInt32(count)))
    }
  }
}
