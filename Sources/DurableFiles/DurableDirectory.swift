import CExchange
import Foundation
import Glibc

/// Directories that appear whole: filled beside, flushed, then swapped into place.
package enum DurableDirectory {
  /// Fills a new directory with `fill` and puts it at `url`; what stood there stays until then.
  ///
  /// Files of the old directory that the new one does not have are carried over, so nothing of a person's is lost.
  /// - Throws: what `fill` throws, or `DurableFileError`; the directory beside is removed.
  package static func replace(_ url: URL, fill: (URL) throws -> Void) throws {
    let manager = FileManager.default
    let beside = DurableFile.partial(of: url)
    clearAway(besides: url)
    guard mkdir(beside.path, 0o755) == 0 else { throw DurableFileError("create", beside.path) }
    do {
      try fill(beside)
    } catch {
      try? manager.removeItem(at: beside)
      throw error
    }
    if rename(beside.path, url.path) != 0 {
      guard errno == ENOTEMPTY || errno == EEXIST, cloze_exchange(beside.path, url.path) == 0 else {
        let failure = DurableFileError("write", url.path)
        try? manager.removeItem(at: beside)
        throw failure
      }
      // `beside` is now the old directory.
      for name in (try? manager.contentsOfDirectory(atPath: beside.path)) ?? [] {
        let target = url.appendingPathComponent(name)
        if !manager.fileExists(atPath: target.path) {
          rename(beside.appendingPathComponent(name).path, target.path)
        }
      }
      try? manager.removeItem(at: beside)
    }
    DurableFile.flushFolder(of: url)
  }

  /// Bytes that an unprivileged process can still write in the folder of `url`; nil where the system does not say.
  package static func freeBytes(for url: URL) -> Int? {
    var disk = statvfs()
    guard statvfs(url.deletingLastPathComponent().path, &disk) == 0 else { return nil }
    return Int(disk.f_bavail) * Int(disk.f_frsize)
  }

  /// Removes what processes that are no more left half-filled beside `url`, and this one's own.
  private static func clearAway(besides url: URL) {
    let folder = url.deletingLastPathComponent()
    let (before, after) = DurableFile.partialAffixes(of: url)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
      guard name.hasPrefix(before), name.hasSuffix(after), name.count > before.count + after.count,
        let process = pid_t(name.dropFirst(before.count).dropLast(after.count))
      else { continue }
      let isGone = kill(process, 0) != 0 && errno == ESRCH
      if isGone || process == getpid() { try? FileManager.default.removeItem(at: folder.appendingPathComponent(name)) }
    }
  }
}
