import DurableFiles

/// All bytes of a file as UTF-8 with line feeds at its line ends.
struct TableBytes {
  private(set) var bytes: [UInt8] = []
  /// Whether the file was no UTF-8.
  private(set) var isWindows1252 = false
  /// SHA-256 of the content as it was, unpacked where it is gzip.
  let fingerprint: String

  /// - Throws: `LogError` where the stream is empty, is no text, or cannot be read.
  init(_ stream: ByteStream) throws(LogError) {
    var filled = 0
    while true {
      if bytes.count - filled < LineBuffer.chunk {
        bytes.append(contentsOf: repeatElement(0, count: max(LineBuffer.chunk, bytes.count)))
      }
      let count = try stream.read(into: &bytes, from: filled)
      if count == 0 { break }
      filled += count
    }
    bytes.removeLast(bytes.count - filled)
    if bytes.isEmpty { throw .empty(file: stream.name) }
    try ForeignFile.refuse(bytes[...], file: stream.name)
    var hash = SHA256()
    hash.update(bytes)
    fingerprint = hash.hexadecimal()
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    if String(validating: bytes, as: UTF8.self) == nil {
      isWindows1252 = true
      bytes = bytes.flatMap { byte in byte < 0x80 ? [byte] : Array(String(Self.scalar(byte)).utf8) }
    }
    if !bytes.contains(Byte.newline) { bytes = bytes.map { $0 == Byte.carriageReturn ? Byte.newline : $0 } }
  }

  /// The character that Windows-1252 has for a byte above ASCII; what it leaves open is as in Latin-1.
  private static func scalar(_ byte: UInt8) -> Unicode.Scalar {
    byte < 0xA0 ? Unicode.Scalar(upper[Int(byte) - 0x80])! : Unicode.Scalar(byte)
  }

  /// 0x80 to 0x9F.
  private static let upper: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
    0x017E, 0x0178,
  ]
}
