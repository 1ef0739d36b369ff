import Foundation
import Glibc

/// A file that grows in steps beside its place and appears there whole at the end; what was killed can go on.
///
/// Until then two hidden files stand beside `url`: the bytes so far, and, renewed after every step, how far the caller had
/// come and how many bytes belong to that. Bytes behind them are forgotten when it goes on.
package final class GrowingFile {
  /// What the caller had done when the last step was written, in its own unit.
  package private(set) var done = 0
  package let url: URL
  private let growing: URL
  private let journal: URL
  private let request: String
  private let descriptor: Int32
  private var length = 0

  private struct Step: Codable {
    var request: String
    var done: Int
    var length: Int
  }

  /// Begins the file that will be at `url`, or goes on where an earlier attempt at the same `request` ended.
  ///
  /// - Throws: `GrowingFileError.otherRequest` where what was begun is something else, `.busy` where another process is
  ///   writing it, `.folder` where a folder stands there; `.system`.
  package init(_ url: URL, request: String, resuming: Bool) throws(GrowingFileError) {
    self.url = url
    self.request = request
    let folder = url.deletingLastPathComponent()
    growing = folder.appendingPathComponent(".\(url.lastPathComponent).growing")
    journal = folder.appendingPathComponent(".\(url.lastPathComponent).journal")
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue {
      descriptor = -1
      throw .folder(path: url.path)
    }
    descriptor = open(growing.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system(DurableFileError("create", url.path)) }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK { throw .busy(path: url.path) }
    if resuming, let data = try? Data(contentsOf: journal), let step = try? JSONDecoder().decode(Step.self, from: data)
    {
      if step.request != request { throw .otherRequest(path: url.path) }
      // Bytes that are gone cannot be gone on with.
      if lseek(descriptor, 0, SEEK_END) >= off_t(step.length) { (done, length) = (step.done, step.length) }
    }
    guard ftruncate(descriptor, off_t(length)) == 0, lseek(descriptor, 0, SEEK_END) == off_t(length) else {
      throw .system(DurableFileError("write", url.path))
    }
  }

  deinit { close(descriptor) }

  /// Appends the bytes of one step; `done` is how far the caller has come with them.
  package func append(_ data: Data, done: Int) throws(GrowingFileError) {
    do {
      try DurableFile.Sink(descriptor: descriptor, path: url.path).write(data.bytes)
    } catch {
      throw .system(error)
    }
    guard fdatasync(descriptor) == 0 else { throw .system(DurableFileError("write", url.path)) }
    length += data.count
    self.done = done
    do {
      try DurableFile.write(JSONEncoder().encode(Step(request: request, done: done, length: length)), to: journal)
    } catch {
      throw .system(error as? DurableFileError ?? DurableFileError("write", journal.path))
    }
  }

  /// Takes away what was written so far; what stands at `url` stays.
  package func discard() {
    unlink(growing.path)
    unlink(journal.path)
  }

  /// Puts the file at its place, over what stood there.
  package func finish() throws(GrowingFileError) {
    guard fsync(descriptor) == 0, rename(growing.path, url.path) == 0 else {
      throw .system(DurableFileError("write", url.path))
    }
    unlink(journal.path)
    DurableFile.flushFolder(of: url)
  }
}

/// A growing file that could not be begun or written.
package enum GrowingFileError: Error, Equatable, CustomStringConvertible {
  /// What stands beside the path was begun by another request.
  case otherRequest(path: String)
  /// Another process is writing it.
  case busy(path: String)
  /// A folder has the name.
  case folder(path: String)
  case system(DurableFileError)

  package var description: String {
    switch self {
    case .otherRequest(let path):
      "cannot go on with \(path): it was begun with another model, log or options; begin anew without --resume"
    case .busy(let path):
      "another process is writing \(path); wait for it to end, or name another file"
    case .folder(let path): "\(path) is a folder; name a file"
    case .system(let error): error.description
    }
  }
}
