import Foundation
import Glibc

/// A file that grows in steps beside its place and appears there whole at the end; what was killed can be resumed.
///
/// Until then two hidden files stand beside `url`: the bytes so far, locked by the process that writes them, and, renewed
/// after every step, how far the caller had come and how many bytes belong to that. Bytes behind them are cut off when it
/// is resumed.
package final class ResumableFile {
  /// What the caller had done when the last step was written, in its own unit.
  package private(set) var done = 0
  /// Where the file will be: a link is followed.
  package let url: URL
  private let growing: URL
  private let journal: URL
  private let request: String
  private let file: OpenFile
  private var length = 0
  /// Of the bytes so far.
  private var hash = SHA256()

  private struct Step: Codable {
    var request: String
    var done: Int
    var length: Int
    /// SHA-256 of the bytes so far, then of the two numbers.
    var sum: String
  }

  /// Begins the file that will be at `url`, or resumes it where an earlier attempt at the same `request` ended.
  ///
  /// - Throws: `ResumableFileError.otherRequest` where what was begun is something else, `.damaged` where its bytes or numbers
  ///   are not those that were written, `.busy` where another process is
  ///   writing it, `.folder` where a folder stands there; `.system`.
  package init(_ url: URL, request: String, resuming: Bool) throws(ResumableFileError) {
    do {
      self.url = try DurableFile.destination(of: url)
    } catch {
      throw .system(error)
    }
    self.request = request
    let (folder, name) = (self.url.deletingLastPathComponent(), self.url.lastPathComponent)
    growing = folder.appendingPathComponent(".\(name).growing")
    journal = folder.appendingPathComponent(".\(name).journal")
    if let there = OpenFile.Identity(at: self.url.path), !there.isRegular {
      throw there.isFolder ? .folder(path: url.path) : .system(.notAFile(url.path))
    }
    Partial.clear(besides: journal)
    file = try Self.lock(growing, for: url.path, resuming: resuming)
    if resuming, let data = try? Data(contentsOf: journal), let step = try? JSONDecoder().decode(Step.self, from: data)
    {
      if step.request != request { throw .otherRequest(path: url.path) }
      // Bytes that are gone cannot be built on.
      if step.length >= 0, lseek(file.descriptor, 0, SEEK_END) >= off_t(step.length) {
        (done, length) = (step.done, step.length)
        digest()
        if sum != step.sum { throw .damaged(path: url.path) }
      }
    }
    // A journal that is not resumed must never be taken for that of the bytes to come.
    if length == 0 && unlink(journal.path) != 0 && errno != ENOENT {
      throw .system(DurableFileError("write", url.path))
    }
    guard ftruncate(file.descriptor, off_t(length)) == 0, lseek(file.descriptor, 0, SEEK_END) == off_t(length) else {
      throw .system(DurableFileError("write", url.path))
    }
  }

  /// Takes in the bytes so far.
  private func digest() {
    for start in stride(from: 0, to: length, by: 1 << 20) {
      hash.update(SystemBytes.section(of: file.descriptor, at: start, count: min(1 << 20, length - start)))
    }
  }

  private var sum: String {
    var hash = hash
    hash.update(integer: done)
    hash.update(integer: length)
    return hash.hexadecimal()
  }

  /// Opens the bytes so far and locks them; the process that had them may have made them the result meanwhile.
  private static func lock(
    _ growing: URL, for path: String, resuming: Bool
  ) throws(ResumableFileError) -> OpenFile {
    while true {
      do {
        if let file = try? OpenFile(growing.path, O_RDWR | O_CREAT | O_EXCL, as: path), file.lock() != .taken,
          file.stands(at: growing.path)
        {
          return file
        }
        let file = try OpenFile(growing.path, O_RDWR | O_CREAT | O_NONBLOCK, as: path)
        if file.lock() == .taken { throw ResumableFileError.busy(path: path) }
        guard file.stands(at: growing.path) else { continue }
        if file.identity?.isOwn == true { return file }
        // Another program's file, or one that has another name too, may hold anything.
        if resuming {
          throw DurableFileError(
            "resume", path, reason: "\(growing.path) was not made by this user", advice: "begin anew without --resume")
        }
        if unlink(growing.path) != 0 { throw DurableFileError("write", growing.path) }
      } catch let error as ResumableFileError {
        throw error
      } catch {
        throw .system(error as? DurableFileError ?? DurableFileError("write", path))
      }
    }
  }

  /// Appends the bytes of one step; `done` is how far the caller has come with them.
  package func append(_ data: Data, done: Int) throws(ResumableFileError) {
    do throws(DurableFileError) {
      try file.sink.write(data.bytes)
      while fdatasync(file.descriptor) != 0 {
        if errno != EINTR { throw DurableFileError("write", url.path) }
      }
      length += data.count
      hash.update(data.bytes)
      self.done = done
      let step = Step(request: request, done: done, length: length, sum: sum)
      guard let data = try? JSONEncoder().encode(step) else { preconditionFailure("a step is always JSON") }
      try DurableFile.write(data, to: journal)
    } catch {
      throw .system(error)
    }
  }

  /// Removes what was written so far; what stands at `url` stays.
  package func discard() {
    unlink(growing.path)
    unlink(journal.path)
  }

  /// Puts the file at its place, over what stood there.
  package func finish() throws(ResumableFileError) {
    do throws(DurableFileError) {
      try file.flush()
      if rename(growing.path, url.path) != 0 { throw DurableFileError("write", url.path) }
    } catch {
      throw .system(error)
    }
    unlink(journal.path)
    DurableFile.flushFolder(of: url)
  }
}

/// A resumable file that could not be begun or written.
package enum ResumableFileError: Error, Equatable, CustomStringConvertible {
  /// What stands beside the path was begun by another request.
  case otherRequest(path: String)
  /// What was written so far has changed since.
  case damaged(path: String)
  /// Another process is writing it.
  case busy(path: String)
  /// A folder has the name.
  case folder(path: String)
  case system(DurableFileError)

  package var description: String {
    switch self {
    case .otherRequest(let path):
      "cannot resume \(path): it was begun with another model, log or options; begin anew without --resume"
    case .damaged(let path):
      "cannot resume \(path): what it has so far is not as it was written; begin anew without --resume"
    case .busy(let path):
      "another process is writing \(path); wait for it to end, or name another file"
    case .folder(let path): "\(path) is a folder; name a file"
    case .system(let error): error.description
    }
  }
}
