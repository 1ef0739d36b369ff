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
    let beside = url.deletingLastPathComponent().appendingPathComponent(
      ".\(url.lastPathComponent).\(getpid()).partial", isDirectory: true)
    try? manager.removeItem(at: beside)
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
}
