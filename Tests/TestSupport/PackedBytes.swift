/// Archives without compression, as a test needs them: what unpacks them cannot tell.
package enum PackedBytes {
  /// One gzip member.
  package static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var packed: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    var start = 0
    repeat {
      let count = min(65_535, bytes.count - start)
      packed.append(start + count == bytes.count ? 1 : 0)
      packed += little(count, 2) + little(count ^ 0xffff, 2) + bytes[start..<start + count]
      start += count
    } while start < bytes.count
    return packed + little(Int(crc32(bytes)), 4) + little(bytes.count, 4)
  }

  /// A zip archive of stored files, in this order.
  package static func zip(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in files {
      let sizes = little(Int(crc32(bytes)), 4) + little(bytes.count, 4) + little(bytes.count, 4)
      let shared = [20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + sizes + little(name.utf8.count, 2) + [0, 0]
      directory += [0x50, 0x4b, 1, 2, 20, 0] + shared + [UInt8](repeating: 0, count: 10) + little(archive.count, 4)
      directory += Array(name.utf8)
      archive += [0x50, 0x4b, 3, 4] + shared + Array(name.utf8) + bytes
    }
    let end = little(files.count, 2) + little(files.count, 2) + little(directory.count, 4) + little(archive.count, 4)
    return archive + directory + [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + end + [0, 0]
  }

  package static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(value >> (8 * $0) & 255) }
  }

  /// The checksum of gzip and zip, bit by bit.
  package static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var remainder = UInt32.max
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xedb8_8320 : 0) }
    }
    return ~remainder
  }
}
