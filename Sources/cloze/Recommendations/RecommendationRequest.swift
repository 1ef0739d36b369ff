import Foundation

/// What was asked of which model, log and lists: two requests of the same text have the same answer.
struct RecommendationRequest {
  private(set) var text = ""

  /// Notes an option and its value.
  mutating func add(_ name: String, _ value: (some CustomStringConvertible)?) {
    guard let value else { return }
    text += "\(text.isEmpty ? "" : " ")\(name)=\(value)"
  }

  /// Notes an option that may name a file: its size and the time of its last change stand for what is in it.
  mutating func add(_ name: String, file path: String?) {
    guard let path else { return }
    add(name, path)
    let values = try? URL(fileURLWithPath: path).resourceValues(forKeys: [
      .contentModificationDateKey, .fileSizeKey, .isRegularFileKey,
    ])
    guard let values, values.isRegularFile == true else { return }
    add("size", values.fileSize)
    add("changed", values.contentModificationDate?.timeIntervalSince1970)
  }
}
