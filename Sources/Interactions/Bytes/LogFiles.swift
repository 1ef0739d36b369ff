import DurableFiles
import Foundation

/// The files that an argument names: one, all of a folder, or all that fit a pattern such as `events/2024-*.csv.gz`.
enum LogFiles {
  /// The paths in the order in which they are read: by name, byte by byte.
  ///
  /// Of a folder, files whose names begin with `.` or `_` are left out, as what other programs leave beside their tables;
  /// of several files, empty ones are.
  /// - Throws: `LogError` where there is none, or a folder among them.
  static func paths(_ argument: String) throws(LogError) -> [String] {
    var paths: [String]
    switch kind(of: argument) {
    case S_IFDIR?: paths = try files(in: argument)
    case nil where argument.contains(where: { "*?[".contains($0) }):
      paths = FilePattern.paths(argument)
      if paths.isEmpty { throw .noFiles(pattern: argument) }
      if let folder = paths.first(where: { kind(of: $0) == S_IFDIR }) {
        throw .otherShape(
          file: folder, found: "a folder among the files", remedy: "let the pattern end in files: \(folder)/*")
      }
    default: return [argument]
    }
    paths.sort { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    let filled = paths.filter { size(of: $0) != 0 }
    if filled.isEmpty, let first = paths.first { throw .empty(file: first) }
    return filled
  }

  private static func files(in folder: String) throws(LogError) -> [String] {
    guard access(folder, R_OK | X_OK) == 0, let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    else {
      throw .unreadable(file: folder, reason: String(cString: strerror(errno)))
    }
    if names.contains("model.safetensors") {
      throw .otherShape(file: folder, found: "a model, not a log", remedy: "name the file or the folder of the events")
    }
    let paths = names.filter { !$0.hasPrefix(".") && !$0.hasPrefix("_") }.map { name in
      folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }
    if paths.isEmpty { throw .directory(file: folder) }
    if let inner = paths.sorted().first(where: { kind(of: $0) == S_IFDIR }) {
      throw .otherShape(
        file: folder, found: "a folder with folders in it, such as \(inner)",
        remedy: "name the files by a pattern in quotes, such as '\(folder)/*/*.csv'")
    }
    return paths
  }

  private static func kind(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// The size of a regular file; nil for anything else.
  static func size(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }
}
