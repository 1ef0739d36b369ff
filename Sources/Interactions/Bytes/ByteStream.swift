import CZlib
import Glibc

/// The bytes of a file or of standard input, unpacked where they are gzip.
final class ByteStream {
  let name: String
  /// The size of the file on disk; nil for a pipe.
  let size: Int?
  private let file: gzFile

  /// Opens the file at `path`; `-` is standard input.
  ///
  /// - Throws: `LogError` where it is missing, a folder, or not permitted.
  init(_ path: String) throws(LogError) {
    name = path == "-" ? "standard input" : path
    let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT
        ? .missing(file: path) : .unreadable(file: name, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    fstat(descriptor, &status)
    let kind = status.st_mode & S_IFMT
    guard kind != S_IFDIR, let opened = gzdopen(descriptor, "r") else {
      close(descriptor)
      throw .directory(file: path)
    }
    size = kind == S_IFREG ? Int(status.st_size) : nil
    gzbuffer(opened, 1 << 17)
    file = opened
  }

  deinit { gzclose(file) }

  /// How much of the file on disk has been read.
  var position: Int { Int(gzoffset(file)) }

  /// Overwrites `buffer` from `start` with the next bytes; their number is 0 at the end.
  func read(into buffer: inout [UInt8], from start: Int) throws(LogError) -> Int {
    let count = buffer.withUnsafeMutableBytes { bytes in
      Int(gzread(file, bytes.baseAddress! + start, UInt32(bytes.count - start)))
    }
    if count > 0 { return count }
    var code: Int32 = 0
    let system = errno
    let message = String(cString: gzerror(file, &code))
    switch code {
    case Z_OK, Z_STREAM_END: return 0
    case Z_ERRNO: throw .unreadable(file: name, reason: String(cString: strerror(system)))
    default: throw .damagedGzip(file: name, reason: message)
    }
  }
}
