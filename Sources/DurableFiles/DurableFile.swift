import Foundation
import Glibc

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

  /// Fills a file.
  package typealias Fill = (Sink) throws(DurableFileError) -> Void

  /// Replaces the file at `url` by what `fill` writes, or leaves it as it was; a link is followed.
  ///
  /// What earlier attempts at the same file left half-written is cleared away. The new file has the permissions of the old.
  /// - Throws: `DurableFileError` naming the path and the reason; the file beside is removed.
  package static func write(to url: URL, _ fill: Fill) throws(DurableFileError) {
    let url = try destination(of: url)
    try place(stage(url, fill), at: url)
    flushFolder(of: url)
  }

  /// Replaces the file at `url` by `data`, or leaves it as it was.
  package static func write(_ data: Data, to url: URL) throws(DurableFileError) {
    try write(to: url) { (sink) throws(DurableFileError) in try sink.write(data.bytes) }
  }

  /// Replaces the text file at `url`, or leaves it as it was.
  package static func write(_ text: String, to url: URL) throws(DurableFileError) {
    try write(Data(text.utf8), to: url)
  }

  /// Replaces the file at `url` and `data` at `companion`, which belongs to it: neither is ever seen beside the other's
  /// earlier self.
  ///
  /// A process killed between the two leaves the file without its companion; before that, both are as they were.
  /// - Throws: `DurableFileError`.
  package static func write(
    to url: URL, _ fill: Fill, with data: Data, at companion: URL
  ) throws(DurableFileError) {
    let (url, companion) = (try destination(of: url), try destination(of: companion))
    if url.standardizedFileURL.path == companion.standardizedFileURL.path {
      throw DurableFileError(
        "write", url.path, reason: "it is two files at once, by way of a link", advice: "name another file")
    }
    let main = try stage(url, fill)
    let second: Partial
    do {
      second = try stage(companion) { (sink) throws(DurableFileError) in try sink.write(data.bytes) }
    } catch {
      main.discard()
      throw error
    }
    if unlink(companion.path) != 0 && errno != ENOENT {
      let failure = DurableFileError("write", companion.path)
      main.discard()
      second.discard()
      throw failure
    }
    flushFolder(of: companion)
    do {
      try place(main, at: url)
    } catch {
      second.discard()
      throw error
    }
    flushFolder(of: url)
    try place(second, at: companion)
    flushFolder(of: companion)
  }

  /// Replaces the file at `url` by the one that `make` writes at the path it gets; the old one is kept beside it.
  ///
  /// - Returns: where it is kept: `NAME.SUFFIX`, or `NAME.SUFFIX.2` and so on where earlier ones stand.
  /// - Throws: what `make` throws; `DurableFileError`. The file is then as it was.
  package static func replace(_ url: URL, keeping suffix: String, make: (URL) throws -> Void) throws -> URL {
    let url = try destination(of: url)
    Partial.clear(besides: url)
    let partial = try Partial(.file, of: url)
    var kept = url.appendingPathExtension(suffix)
    do {
      try make(partial.url)
      try partial.file.flush()
      var number = 1
      while link(url.path, kept.path) != 0 {
        if errno != EEXIST { throw DurableFileError("keep", url.path) }
        number += 1
        kept = url.appendingPathExtension("\(suffix).\(number)")
      }
    } catch {
      partial.discard()
      throw error
    }
    try place(partial, at: url)
    flushFolder(of: url)
    return kept
  }

  /// Fills and flushes the partial of the file that will be at `url`.
  private static func stage(_ url: URL, _ fill: Fill) throws(DurableFileError) -> Partial {
    let there = OpenFile.Identity(at: url.path)
    if let there, !there.isRegular { throw .notAFile(url.path) }
    Partial.clear(besides: url)
    let partial = try Partial(.file, of: url)
    do {
      try fill(partial.file.sink)
      if let there { fchmod(partial.file.descriptor, there.mode & 0o777) }
      try partial.file.flush()
    } catch {
      partial.discard()
      throw error
    }
    return partial
  }

  private static func place(_ partial: consuming Partial, at url: URL) throws(DurableFileError) {
    if rename(partial.path, url.path) == 0 { return }
    let failure = DurableFileError("write", url.path)
    partial.discard()
    throw failure
  }

  /// Where `url` leads: links at its end are followed, also to what is not there yet.
  ///
  /// - Throws: `DurableFileError` for links that lead in a circle.
  package static func destination(of url: URL) throws(DurableFileError) -> URL {
    var url = url
    for _ in 0..<40 {
      guard OpenFile.Identity(at: url.path)?.isLink == true,
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)
      else { return url }
      url = URL(fileURLWithPath: target, relativeTo: url.deletingLastPathComponent()).absoluteURL
    }
    errno = ELOOP
    throw DurableFileError("write", url.path)
  }

  /// Makes a rename in the folder of `url` survive a power cut.
  package static func flushFolder(of url: URL) { flush(folder: url.deletingLastPathComponent()) }

  static func flush(folder: URL) {
    if let folder = try? OpenFile(folder.path + "/.", O_RDONLY | O_DIRECTORY, as: folder.path) { try? folder.flush() }
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
