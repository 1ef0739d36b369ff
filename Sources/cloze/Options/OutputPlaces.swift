import ArgumentParser
import DurableFiles
import Foundation
import ModelFiles

/// The files and folders that a command writes.
enum Folders {
  /// Makes sure that a model can be written to `url`, before any work; of several processes the first one alone writes.
  static func makeModelPlace(_ url: URL) throws {
    guard LaunchedProcesses.isFirst else { return }
    try make(for: url.path)
    try ModelDirectory.checkWritable(url)
  }

  /// Makes the folders above `path` that do not exist yet.
  ///
  /// - Throws: `DurableFileError`.
  static func make(for path: String) throws {
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
    // Something that is no folder is named by the write below it.
    if FileManager.default.fileExists(atPath: parent.path) { return }
    do {
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    } catch {
      throw DurableFileError(
        "create the folder", parent.path, reason: FileReason.of(error), advice: "name another path")
    }
  }

  /// Refuses an output that would replace what the command reads, or what it writes besides, under whatever name.
  ///
  /// - Parameters:
  ///   - outputs: what the command writes, by option; nil where an option is not given.
  ///   - inputs: what it reads, by what the user calls it; a list's `@` is no part of its path.
  ///   - model: a directory whose own files are read.
  /// - Throws: `ValidationError` naming both.
  static func requireApart(
    _ outputs: [(option: String, path: String?)], from inputs: [(name: String, path: String?)], model: String? = nil
  ) throws {
    var others = inputs.compactMap { name, path in path.map { (name, $0.hasPrefix("@") ? String($0.dropFirst()) : $0) }
    }
    if let model { others += ModelDirectory.ownFiles.map { ("the model's file", "\(model)/\($0)") } }
    for (option, path) in outputs {
      guard let path else { continue }
      if let (name, other) = others.first(where: { isSame(path, $0.1) }) {
        throw ValidationError("\(option) \(path) would replace \(name) \(other); name another file")
      }
      others.append((option, path))
    }
  }

  /// Whether two paths lead to one file, also through links.
  private static func isSame(_ a: String, _ b: String) -> Bool {
    func place(_ path: String) -> String {
      // Also through a link to a file that is not there yet.
      let url = URL(fileURLWithPath: path)
      return ((try? DurableFile.destination(of: url)) ?? url).resolvingSymlinksInPath().standardizedFileURL.path
    }
    func number(_ path: String) -> [UInt64]? {
      let attributes = try? FileManager.default.attributesOfItem(atPath: place(path))
      guard let device = attributes?[.systemNumber] as? UInt64, let file = attributes?[.systemFileNumber] as? UInt64
      else {
        return nil
      }
      return [device, file]
    }
    if place(a) == place(b) { return true }
    guard let first = number(a), let second = number(b) else { return false }
    return first == second
  }
}
