import Foundation
import Glibc

/// Something that one process at a time may do, as a hidden file that is locked while it does: `.NAME.PURPOSE.lock` beside
/// the file it is about. It is removed at the end, and whatever ends the process ends the lock.
package final class FileLock {
  private let file: OpenFile
  private let path: String

  /// Takes the lock; nil where another process has it.
  ///
  /// - Throws: `DurableFileError` where the file cannot be created.
  package init?(beside url: URL, _ purpose: String) throws(DurableFileError) {
    // A name may hold anything, also what paths cannot.
    let plain = purpose.unicodeScalars.map { CharacterSet.alphanumerics.contains($0) ? Character($0) : "-" }
    let hash = purpose.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    let name = ".\(url.lastPathComponent.prefix(60)).\(String(plain.prefix(40)))-\(String(hash, radix: 16)).lock"
    let url = try DurableFile.destination(of: url)
    path = url.deletingLastPathComponent().appendingPathComponent(name).path
    while true {
      let file = try OpenFile(path, O_RDWR | O_CREAT | O_NONBLOCK, as: path)
      if file.lock() == .taken { return nil }
      // The process that had it may have removed it meanwhile.
      if file.stands(at: path) {
        self.file = file
        return
      }
    }
  }

  deinit { unlink(path) }
}
