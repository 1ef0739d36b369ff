import Foundation
import Glibc

/// An open file or folder, closed when its owner goes, whatever failed before.
package struct OpenFile: ~Copyable {
  let descriptor: Int32
  /// The file as errors name it.
  let path: String

  /// Takes over an open descriptor.
  package init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Opens `path` with the flags of `open(2)`; links at its end are not followed, and programs that are started later do
  /// not inherit it.
  ///
  /// - Throws: `DurableFileError` naming `name`, with `action` as what failed.
  init(_ path: String, _ flags: Int32, mode: mode_t = 0o644, action: String = "create", as name: String)
    throws(DurableFileError)
  {
    descriptor = open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode)
    self.path = name
    if descriptor < 0 { throw DurableFileError(action, name) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Takes a file's bytes, one block after the other; valid while the file is open.
  var sink: DurableFile.Sink { DurableFile.Sink(descriptor: descriptor, path: path) }

  /// Waits until the bytes are on the disk.
  ///
  /// - Throws: `DurableFileError`.
  package func flush() throws(DurableFileError) {
    while fsync(descriptor) != 0 { if errno != EINTR { throw DurableFileError("write", path) } }
  }

  /// What an attempt to lock a file came to.
  enum Lock { case held, taken, unsupported }

  /// Locks the file for this process until it is closed, without waiting.
  func lock() -> Lock {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return .held }
    return errno == EWOULDBLOCK ? .taken : .unsupported
  }

  /// Device, number, owner, kind and names of a file.
  package struct Identity {
    var device: UInt
    var number: UInt
    var owner: UInt32
    package private(set) var mode: UInt32
    var names: UInt

    var isFolder: Bool { mode & S_IFMT == S_IFDIR }
    var isRegular: Bool { mode & S_IFMT == S_IFREG }
    package var isLink: Bool { mode & S_IFMT == S_IFLNK }
    /// Whether it is a file of this process's user, or root runs it, that has no second name.
    var isOwn: Bool { isRegular && names == 1 && (owner == geteuid() || geteuid() == 0) }

    func isSame(as other: Identity) -> Bool { device == other.device && number == other.number }

    private init(_ status: stat) {
      (device, number) = (UInt(status.st_dev), UInt(status.st_ino))
      (owner, mode, names) = (status.st_uid, status.st_mode, UInt(status.st_nlink))
    }

    /// Of what stands at `path` itself, links not followed; nil where nothing does.
    package init?(at path: String) {
      var status = stat()
      if lstat(path, &status) != 0 { return nil }
      self.init(status)
    }

    init?(of descriptor: Int32) {
      var status = stat()
      if fstat(descriptor, &status) != 0 { return nil }
      self.init(status)
    }
  }

  var identity: Identity? { Identity(of: descriptor) }

  /// Whether `path` still names this file: another process may have moved or removed it since it was opened.
  func stands(at path: String) -> Bool {
    guard let own = identity, let there = Identity(at: path) else { return false }
    return own.isSame(as: there)
  }
}
