import Foundation
import Glibc

/// A file or folder that is being filled: `.NAME.RANDOM.partial` beside NAME, locked by the process that fills it.
///
/// The lock says who is alive, also across containers that share a volume: what can be locked was left by a process that
/// is gone, and the next writer of the same NAME clears it away.
package struct Partial: ~Copyable {
  package enum Kind { case file, folder }

  let path: String
  let file: OpenFile

  package var url: URL { URL(fileURLWithPath: path) }

  /// Creates the partial of what will be at `destination`, under a name that nobody can foresee.
  ///
  /// - Throws: `DurableFileError` naming `destination`.
  package init(_ kind: Kind, of destination: URL) throws(DurableFileError) {
    while true {
      let random = String(UInt64.random(in: .min ... .max), radix: 16)
      let (before, after) = Self.affixes(of: destination)
      let name = before + String(repeating: "0", count: 16 - random.utf8.count) + random + after
      let path = destination.deletingLastPathComponent().appendingPathComponent(name).path
      var flags = O_RDWR | O_CREAT | O_EXCL
      if kind == .folder {
        if mkdir(path, 0o755) != 0 {
          if errno == EEXIST { continue }
          throw DurableFileError("create", destination.path)
        }
        flags = O_RDONLY | O_DIRECTORY
      }
      let file = try OpenFile(path, flags, as: destination.path)
      // A process that clears leftovers may have been quicker than the lock.
      if file.lock() != .taken && file.stands(at: path) {
        self.path = path
        self.file = file
        return
      }
    }
  }

  /// Takes it away again.
  package consuming func discard() {
    if file.identity?.isFolder == true {
      try? FileManager.default.removeItem(atPath: path)
    } else {
      unlink(path)
    }
  }

  /// Removes what processes that are gone left beside `destination`.
  static func clear(besides destination: URL) {
    let folder = destination.deletingLastPathComponent()
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    where isPartial(name, of: destination) {
      let path = folder.appendingPathComponent(name).path
      guard let file = try? OpenFile(path, O_RDONLY | O_NONBLOCK, as: path), file.lock() == .held,
        file.stands(at: path)
      else { continue }
      if file.identity?.isFolder == true {
        try? FileManager.default.removeItem(atPath: path)
      } else {
        unlink(path)
      }
    }
  }

  /// Whether a file called `name` is one that was filled for `destination`, or for any file where none is given.
  static func isPartial(_ name: String, of destination: URL? = nil) -> Bool {
    let (before, after) = destination.map(affixes) ?? (".", ".partial")
    guard name.hasPrefix(before), name.hasSuffix(after), name.count > before.count + after.count else { return false }
    let middle = name.dropFirst(before.count).dropLast(after.count)
    let random = destination == nil ? middle.split(separator: ".").last ?? "" : middle
    if random.utf8.count == 16 { return random.allSatisfy { $0.isASCII && $0.isHexDigit && !$0.isUppercase } }
    // Version 0.1 put the number of its process there and held no lock.
    guard let process = pid_t(random), process > 0 else { return false }
    return kill(process, 0) != 0 && errno == ESRCH
  }

  /// What stands before and after the random part; a long name is cut, as names end at 255 bytes.
  private static func affixes(of destination: URL) -> (before: String, after: String) {
    var name = destination.lastPathComponent[...]
    while name.utf8.count > 200 { name = name.dropLast() }
    return (".\(name).", ".partial")
  }
}
