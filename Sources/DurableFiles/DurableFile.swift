import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Files that are whole or not there: written beside, flushed to the disk, then renamed into place.
package enum DurableFile {
  /// Takes a file's bytes, one block after the other.
  package struct Sink {
    let descriptor: Int32
    /// The file as errors name it.
    let path: String

    package func write(_ bytes: RawSpan) throws(DurableFileError) {
      try bytes.withUnsafeBytes { (bytes) throws(DurableFileError) in try write(bytes) }
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(DurableFileError) {
      var written = 0
      while written < bytes.count {
        let chunk = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
        if chunk < 0 && errno != EINTR { throw DurableFileError("write", path) }
        written += max(0, chunk)
      }
    }
  }

  /// Replaces the file at `url` by what `fill` writes, or leaves it as it was.
  ///
  /// - Throws: `DurableFileError` naming the path and the system's reason; the file beside is removed.
  package static func write(
    to url: URL, _ fill: (Sink) throws(DurableFileError) -> Void
  ) throws(DurableFileError) {
    let beside = partial(of: url)
    let descriptor = open(beside.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw DurableFileError("create", beside.path) }
    do {
      try fill(Sink(descriptor: descriptor, path: url.path))
    } catch {
      close(descriptor)
      unlink(beside.path)
      throw error
    }
    guard fsync(descriptor) == 0, close(descriptor) == 0, rename(beside.path, url.path) == 0 else {
      let failure = DurableFileError("write", url.path)
      unlink(beside.path)
      throw failure
    }
    flushFolder(of: url)
  }

  /// Where this process writes what will be at `url`: `.NAME.PROCESS.partial` beside it.
  static func partial(of url: URL) -> URL {
    let affixes = partialAffixes(of: url)
    return url.deletingLastPathComponent().appendingPathComponent("\(affixes.before)\(getpid())\(affixes.after)")
  }

  /// What stands before and after the process's number in the names of what will be at `url`.
  static func partialAffixes(of url: URL) -> (before: String, after: String) {
    (".\(url.lastPathComponent).", ".partial")
  }

  /// Replaces the file at `url` by `data`, or leaves it as it was.
  package static func write(_ data: Data, to url: URL) throws(DurableFileError) {
    try write(to: url) { (sink) throws(DurableFileError) in try sink.write(data.bytes) }
  }

  /// Replaces the text file at `url`, or leaves it as it was.
  package static func write(_ text: String, to url: URL) throws(DurableFileError) {
    try write(Data(text.utf8), to: url)
  }

  /// Makes a rename in the folder of `url` survive a power cut.
  package static func flushFolder(of url: URL) {
    let folder = open(url.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Creates the folder at `url`, and those it stands in, where they are missing.
  ///
  /// - Throws: `DurableFileError` naming the first folder that cannot be created and the system's reason.
  package static func createFolder(_ url: URL) throws(DurableFileError) {
    var folder = URL(fileURLWithPath: "/")
    for part in url.standardizedFileURL.pathComponents.dropFirst() {
      folder.appendPathComponent(part)
      if mkdir(folder.path, 0o755) != 0, errno != EEXIST { throw DurableFileError("create", folder.path) }
    }
  }
}
