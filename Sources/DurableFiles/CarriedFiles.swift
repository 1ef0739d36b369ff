import Foundation
import Glibc

/// The files of a directory about to be replaced that its successor does not have: they stand in both until the old one is
/// removed, by hard links where the file system has them.
package struct CarriedFiles {
  /// Carried files and folders by name, as they were when they were carried.
  private var carried: [String: OpenFile.Identity] = [:]

  /// Puts them into `new` as well, without those of the names `stale`.
  ///
  /// - Throws: `DurableFileError` where one can neither be linked nor copied.
  package init(from old: URL, to new: URL, without stale: Set<String>) throws(DurableFileError) {
    for name in Self.names(in: old) where !stale.contains(name) {
      let (from, to) = (old.appendingPathComponent(name), new.appendingPathComponent(name))
      guard OpenFile.Identity(at: to.path) == nil, let identity = OpenFile.Identity(at: from.path) else { continue }
      try Self.carry(from, identity, to)
      carried[name] = identity
    }
  }

  /// Moves what came into the old directory, or was replaced there, while it was being exchanged.
  package func carryLate(from old: URL, to new: URL, without stale: Set<String>) {
    for name in Self.names(in: old) where !stale.contains(name) {
      let (from, to) = (old.appendingPathComponent(name), new.appendingPathComponent(name))
      guard let identity = OpenFile.Identity(at: from.path) else { continue }
      let isLate =
        carried[name].map { !$0.isSame(as: identity) && !identity.isFolder } ?? (OpenFile.Identity(at: to.path) == nil)
      if isLate { rename(from.path, to.path) }
    }
  }

  private static func names(in folder: URL) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { !Partial.isPartial($0) }
  }

  private static func carry(_ from: URL, _ identity: OpenFile.Identity, _ to: URL) throws(DurableFileError) {
    if identity.isFolder {
      if mkdir(to.path, 0o700) != 0 { throw DurableFileError("carry over", from.path) }
      for name in names(in: from) {
        let inner = from.appendingPathComponent(name)
        guard let identity = OpenFile.Identity(at: inner.path) else { continue }
        try carry(inner, identity, to.appendingPathComponent(name))
      }
      chmod(to.path, identity.mode & 0o7777)
      DurableFile.flush(folder: to)
      return
    }
    if linkat(AT_FDCWD, from.path, AT_FDCWD, to.path, 0) == 0 || errno == ENOENT { return }
    do {
      try FileManager.default.copyItem(at: from, to: to)
    } catch {
      throw DurableFileError("carry over", from.path)
    }
    if let copy = try? OpenFile(to.path, O_RDONLY | O_NONBLOCK, as: to.path) { try copy.flush() }
  }
}
