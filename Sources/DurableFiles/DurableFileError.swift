import Foundation

/// A file that could not be written: what was tried, on which path, the reason, and what to do or what is left.
package struct DurableFileError: Error, CustomStringConvertible, Equatable {
  package let action: String
  package let path: String
  package let reason: String
  private let advice: String

  package init(
    _ action: String, _ path: String, reason: String, advice: String = "nothing that stood there was changed"
  ) {
    self.action = action
    self.path = path
    self.reason = reason
    self.advice = advice
  }

  /// The error of the system call that has just failed.
  package init(_ action: String, _ path: String) {
    self.init(action, path, reason: String(cString: strerror(errno)))
  }

  /// Something that is no file has the name.
  static func notAFile(_ path: String) -> DurableFileError {
    let isFolder = OpenFile.Identity(at: path)?.isFolder == true
    return DurableFileError(
      "write", path, reason: "it is a \(isFolder ? "folder" : "device or a pipe"), not a file", advice: "name a file")
  }

  package var description: String { "cannot \(action) \(path): \(reason); \(advice)" }
}
