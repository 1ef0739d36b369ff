import Foundation
import Interactions
import Items

/// Item files that tests write and read.
enum ItemFile {
  /// The table that a file with this content is.
  static func read(
    _ content: some DataProtocol, named name: String = "items.csv", columns: String = "",
    maximumBadShare: Double = 0.01
  ) throws -> ItemTable {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name)
    try Data(content).write(to: file)
    var options = ItemTable.Options()
    options.columns = try ItemColumnSelection(columns)
    options.maximumBadShare = maximumBadShare
    return try ItemTable.read(file.path, options: options)
  }
}
