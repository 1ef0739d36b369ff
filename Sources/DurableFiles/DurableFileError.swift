import Foundation

/// A file that could not be written: what was tried, on which path, and the system's reason.
package struct DurableFileError: Error, CustomStringConvertible, Equatable {
  package let action: String
  package let path: String
  package let reason: String

  /// The error of the system call that has just failed.
  package init(_ action: String, _ path: String) {
    self.action = action
    self.path = path
    reason = String(cString: strerror(errno))
  }

  package var description: String {
    "cannot \(action) \(path): \(reason); nothing that stood there was changed"
  }
}
