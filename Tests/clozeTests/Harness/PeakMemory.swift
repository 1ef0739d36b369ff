import Foundation

/// The most memory that a run of the built `cloze` held at once.
enum PeakMemory {
  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs `cloze` with `arguments` in `folder` and says the kilobytes that were resident at its peak.
  static func kilobytes(of arguments: [String], in folder: URL) throws -> Int {
    // A shell gives the child its folder: other tests run in this process at the same time.
    let line = "cd \"$0\" && exec \"$@\""
    let words =
      ["/bin/sh", "-c", line, folder.path, TypedCommand.products.appendingPathComponent("cloze").path] + arguments
    var pointers = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var child = pid_t()
    let started = posix_spawn(&child, "/bin/sh", nil, nil, &pointers, environ)
    guard started == 0 else { throw Failed(description: "no child: error \(started)") }
    var (status, usage) = (Int32(), rusage())
    guard wait4(child, &status, 0, &usage) == child, status == 0 else {
      throw Failed(description: "\(arguments.joined(separator: " ")) ended with \(status)")
    }
    return usage.ru_maxrss
  }
}
