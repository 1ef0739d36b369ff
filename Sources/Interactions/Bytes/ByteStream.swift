import DurableFiles
import Glibc

/// The bytes of a file or of standard input, unpacked where they are gzip or the one table of a zip archive.
///
/// A read returns what there is and waits only where there is nothing, so that lines which come through a pipe are answered as
/// they come.
final class ByteStream {
  let name: String
  /// `-` for standard input.
  let path: String
  /// The size of the file on disk, or of what is read of a zip archive; nil for a pipe.
  private(set) var size: Int?
  /// How much of the file on disk has been read.
  private(set) var position = 0
  private let descriptor: Int32
  /// Bytes read ahead; `taken` of them have been given out or unpacked.
  private var ahead: [UInt8] = []
  private var taken = 0
  private var members: GzipMembers?
  private var zip: ZipMemberStream?
  /// The file in a zip archive that is read.
  private(set) var member: String?

  /// Opens the file at `path`; `-` is standard input, `ARCHIVE.zip/FILE` a file in an archive.
  ///
  /// - Throws: `LogError` where it is missing, a folder, not permitted or cannot be read.
  init(_ path: String) throws(LogError) {
    self.path = path
    name = path == "-" ? "standard input" : path
    let (file, inner) = Self.parts(of: path)
    descriptor = path == "-" ? dup(STDIN_FILENO) : open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw errno == ENOENT
        ? .missing(file: path) : .unreadable(file: name, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    fstat(descriptor, &status)
    let kind = status.st_mode & S_IFMT
    let whole = kind == S_IFREG ? Int(status.st_size) : nil
    size = whole
    if kind == S_IFDIR { throw .directory(file: path) }
    while ahead.count < ZipArchive.magic.count, try fill() {}
    if let whole, ahead.starts(with: ZipArchive.magic) {
      let (stream, inside) = try Self.table(in: .file(descriptor, size: whole), named: inner, file)
      (zip, size) = (stream, stream.size)
      (member, ahead, position) = (inside, [], 0)
      while ahead.count < GzipMembers.magic.count, try fill() {}
    } else if inner != nil {
      throw .missing(file: path)
    }
    if ahead.starts(with: GzipMembers.magic) { members = GzipMembers() }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The size of a file that is read as it stands; nil for a pipe and for what is packed.
  var plainSize: Int? { members == nil && zip == nil ? size : nil }

  /// The file to open for `path`, and what is meant in it where it is an archive.
  private static func parts(of path: String) -> (file: String, inner: String?) {
    guard access(path, F_OK) != 0 else { return (path, nil) }
    var start = path.startIndex
    while let slash = path[start...].firstIndex(of: "/") {
      let file = String(path[..<slash])
      if file.lowercased().hasSuffix(".zip"), LogFiles.size(of: file) != nil {
        return (file, String(path[path.index(after: slash)...]))
      }
      start = path.index(after: slash)
    }
    return (path, nil)
  }

  /// The one table of a zip archive, and what it is called there.
  private static func table(
    in source: ZipArchive.Source, named inner: String?, _ file: String
  ) throws(LogError) -> (ZipMemberStream, name: String) {
    do {
      let archive = try ZipArchive(source)
      let member = try archive.table(named: inner, path: file)
      return (try ZipMemberStream(member, of: archive), member.name)
    } catch let fault as ZipFault {
      throw .damagedZip(file: file, reason: fault.reason)
    } catch {
      throw error as! LogError
    }
  }

  /// Overwrites `buffer` from `start` with the next bytes; their number is 0 at the end.
  func read(into buffer: inout [UInt8], from start: Int) throws(LogError) -> Int {
    guard let members else {
      if taken == ahead.count { return try read(at: start, of: &buffer) }
      let count = min(buffer.count - start, ahead.count - taken)
      buffer.replaceSubrange(start..<start + count, with: ahead[taken..<taken + count])
      taken += count
      return count
    }
    while true {
      if taken == ahead.count {
        (ahead, taken) = ([], 0)
        if try !fill() {
          if members.isInside { throw .damagedGzip(file: name, reason: "unexpected end of file") }
          return 0
        }
      }
      switch members.unpack(ahead, from: &taken, into: &buffer, from: start) {
      case .bytes(let count, _): if count > 0 { return count }
      case .damaged(let reason): throw .damagedGzip(file: name, reason: reason)
      }
    }
  }

  /// Appends what can be read to `ahead`; false at the end.
  private func fill() throws(LogError) -> Bool {
    let held = ahead.count
    ahead.append(contentsOf: repeatElement(0, count: 1 << 17))
    let count = try read(at: held, of: &ahead)
    ahead.removeLast(ahead.count - held - count)
    return count > 0
  }

  private func read(at start: Int, of buffer: inout [UInt8]) throws(LogError) -> Int {
    if let zip {
      do {
        let count = try zip.read(into: &buffer, from: start)
        position = zip.position
        return count
      } catch {
        throw .damagedZip(file: Self.parts(of: path).file, reason: error.reason)
      }
    }
    while true {
      if size == nil, !SystemBytes.waitForInput(descriptor) { throw .stopped(file: name) }
      let count = SystemBytes.read(descriptor, into: &buffer, from: start)
      // What feeds a pipe may end by the same signal, and has then not given all.
      if count == 0, size == nil, StopRequest.isMade { throw .stopped(file: name) }
      if count >= 0 {
        position += count
        return count
      }
      if errno != EINTR && errno != EAGAIN { throw .unreadable(file: name, reason: String(cString: strerror(errno))) }
    }
  }

  /// Up to `count` bytes of the file at `path` from `start` on, as they stand; none where it cannot be read.
  static func section(of path: String, at start: Int, count: Int) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    return SystemBytes.section(of: descriptor, at: start, count: count)
  }
}
