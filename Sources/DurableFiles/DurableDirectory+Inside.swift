import Foundation
import Glibc

/// Directories that cannot be exchanged: the new files are gathered in a hidden folder inside, whose final name is the
/// moment from which they count; then they are moved into place, by the first process that opens it.
extension DurableDirectory {
  private static let pendingName = ".pending"
  /// Lists, in the pending folder, the old files that go.
  private static let staleName = ".stale"

  func replaceInside(without stale: Set<String>, fill: (URL) throws -> Void) throws {
    try Self.settle(url)
    let target = url.appendingPathComponent("files")
    Partial.clear(besides: target)
    let partial = try Partial(.folder, of: target)
    do {
      try fill(partial.url)
    } catch {
      partial.discard()
      throw error
    }
    try settle(staged: partial, without: stale)
  }

  /// Makes the staged folder the one that counts, and moves its files into place.
  func settle(staged: consuming Partial, without stale: Set<String>) throws(DurableFileError) {
    do throws(DurableFileError) {
      let old = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
      let path = staged.path
      let going = old.filter { stale.contains($0) && OpenFile.Identity(at: "\(path)/\($0)") == nil }
      try DurableFile.write(going.joined(separator: "\n"), to: staged.url.appendingPathComponent(Self.staleName))
      try staged.file.flush()
      try Self.settle(url)
      if rename(staged.path, url.appendingPathComponent(Self.pendingName).path) != 0 {
        throw DurableFileError("write", url.path)
      }
    } catch {
      staged.discard()
      throw error
    }
    DurableFile.flush(folder: url)
    try Self.settle(url)
  }

  /// Completes what a process that was killed while it moved files into the directory at `url` left to do; call it before
  /// the directory is read.
  ///
  /// - Throws: `DurableFileError` where the files cannot be moved.
  package static func settle(_ url: URL) throws(DurableFileError) {
    let pending = url.appendingPathComponent(pendingName)
    guard OpenFile.Identity(at: pending.path)?.isFolder == true else { return }
    func require(_ isDone: Bool) throws(DurableFileError) {
      // Another process may settle the same directory at the same time.
      if isDone || errno == ENOENT { return }
      throw DurableFileError(
        "complete", url.path, reason: String(cString: strerror(errno)),
        advice: "its new files wait in \(pending.path); run the command again where it can be written")
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: pending.path)) ?? []
    let list = try? String(contentsOf: pending.appendingPathComponent(staleName), encoding: .utf8)
    for name in (list ?? "").split(separator: "\n") {
      try require(unlink(url.appendingPathComponent(String(name)).path) == 0)
    }
    for name in names where name != staleName {
      let (from, to) = (pending.appendingPathComponent(name), url.appendingPathComponent(name))
      if OpenFile.Identity(at: from.path)?.isFolder == true { try? FileManager.default.removeItem(at: to) }
      try require(rename(from.path, to.path) == 0)
    }
    DurableFile.flush(folder: url)
    try require(unlink(pending.appendingPathComponent(staleName).path) == 0)
    try require(rmdir(pending.path) == 0)
    DurableFile.flush(folder: url)
  }
}
