import CClozeSystem
import Foundation
import Glibc

/// A directory that appears whole: filled beside its place, flushed, then exchanged with what stood there.
///
/// Where the folder around it cannot be written, or it is a mount point (a container's volume), it is filled inside itself
/// and its files are moved into place at the end; see `settle`.
package struct DurableDirectory: Sendable {
  /// Where it really stands: a link is followed.
  package let url: URL
  /// Whether it is filled inside itself instead of beside.
  package let isInside: Bool

  /// Finds out, by doing it, whether a directory can be written at `url` and how; leaves everything as it was.
  ///
  /// - Throws: `DurableFileError` where something other than a directory stands there, or nothing can be written.
  package init(_ url: URL) throws(DurableFileError) {
    self.url = try DurableFile.destination(of: url)
    let path = self.url.path
    let there = OpenFile.Identity(at: path)
    if let there, !there.isFolder {
      throw DurableFileError("write", url.path, reason: "it is a file, not a directory", advice: "name another path")
    }
    Partial.clear(besides: self.url)
    var isAlone = true
    do throws(DurableFileError) {
      let probe = try Self.probe(for: self.url)
      if there != nil && access(path, W_OK | X_OK) != 0 {
        let failure = DurableFileError("write", url.path)
        probe.discard()
        throw failure
      }
      // What cannot be moved into it is on another file system, or behind another mount of the same.
      let inner = self.url.appendingPathComponent(probe.url.lastPathComponent).path
      isAlone = there != nil && rename(probe.path, inner) != 0
      if there != nil && !isAlone { unlink(inner) }
      probe.discard()
    } catch {
      guard there != nil, access(path, W_OK | X_OK) == 0 else { throw error }
    }
    isInside = isAlone
    if isInside { try Self.probe(for: self.url.appendingPathComponent("model")).discard() }
  }

  /// A directory at `url` that is filled inside itself, whatever else could be done.
  package init(writtenInside url: URL) { (self.url, isInside) = (url, true) }

  /// A file beside `url` with a byte on the disk.
  private static func probe(for url: URL) throws(DurableFileError) -> Partial {
    let probe = try Partial(.file, of: url)
    do {
      try probe.file.sink.write([0 as UInt8].span.bytes)
      try probe.file.flush()
    } catch {
      probe.discard()
      throw error
    }
    return probe
  }

  /// Where something that belongs to the directory but not into it is kept while it is made: `.NAME.SUFFIX` beside it, or
  /// `.SUFFIX` inside where nothing can be written beside.
  package func companion(_ suffix: String) -> URL {
    isInside
      ? url.appendingPathComponent(".\(suffix)")
      : url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).\(suffix)")
  }

  /// Fills a new directory with `fill` and puts it in place; what stood there stays until then.
  ///
  /// Files of the old directory that the new one does not have are carried over, so nothing of a user's is lost, whenever
  /// the process is killed; those that `stale` names go with it.
  /// - Throws: what `fill` throws, or `DurableFileError`; the directory beside is removed.
  /// One process at a time replaces a directory; others wait, for a minute at most.
  package func replace(without stale: Set<String> = [], fill: (URL) throws -> Void) throws {
    let lock = try lock()
    defer { withExtendedLifetime(lock) {} }
    if isInside { return try replaceInside(without: stale, fill: fill) }
    Partial.clear(besides: url)
    let partial = try Partial(.folder, of: url)
    let carrying: CarriedFiles
    do {
      try fill(partial.url)
      carrying = try CarriedFiles(from: url, to: partial.url, without: stale)
      try partial.file.flush()
    } catch {
      partial.discard()
      throw error
    }
    if rename(partial.path, url.path) == 0 { return DurableFile.flushFolder(of: url) }
    if errno == ENOTEMPTY || errno == EEXIST, cloze_exchange(partial.path, url.path) == 0 {
      DurableFile.flushFolder(of: url)
      // The partial is now the old directory.
      carrying.carryLate(from: partial.url, to: url, without: stale)
      partial.discard()
      return
    }
    // File systems that cannot exchange directories can move files.
    try settle(staged: partial, without: stale)
  }

  /// The directory that stands there now, locked; nil where there is none, or it cannot be locked.
  private func lock() throws(DurableFileError) -> DirectoryLock? {
    for _ in 0..<3_000 {
      guard let folder = try? OpenFile(url.path, O_RDONLY | O_DIRECTORY, as: url.path) else { return nil }
      switch folder.lock() {
      case .unsupported: return nil
      case .held: if folder.stands(at: url.path) { return DirectoryLock(folder: folder) }
      case .taken: usleep(20_000)
      }
    }
    throw DurableFileError(
      "write", url.path, reason: "another process has been writing it for a minute", advice: "wait for it to end")
  }

  /// Replaces the directory at `url`, as the initializer and `replace` do.
  package static func replace(
    _ url: URL, without stale: Set<String> = [], fill: (URL) throws -> Void
  ) throws {
    try DurableDirectory(url).replace(without: stale, fill: fill)
  }

  /// Bytes that an unprivileged process can still write at `url`; nil where the system does not say.
  package static func freeBytes(for url: URL) -> Int? {
    var disk = statvfs()
    guard statvfs(url.path, &disk) == 0 || statvfs(url.deletingLastPathComponent().path, &disk) == 0 else { return nil }
    return Int(disk.f_bavail) * Int(disk.f_frsize)
  }
}

/// Keeps a directory open and locked.
private final class DirectoryLock {
  private let folder: OpenFile
  init(folder: consuming OpenFile) { self.folder = folder }
}
