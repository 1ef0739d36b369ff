import DurableFiles
import Foundation

/// Text that goes to standard output as it is made, or to a file that appears whole at the end.
struct TextSink {
  private let file: GrowingFile?

  /// - Parameter path: nil for standard output.
  init(_ path: String?) throws(GrowingFileError) {
    file = try path.map { path throws(GrowingFileError) in
      try GrowingFile(URL(fileURLWithPath: path), request: "", resuming: false)
    }
  }

  init(growing file: GrowingFile) { self.file = file }

  /// - Parameter done: how far the caller has come with `text`.
  func write(_ text: String, done: Int = 0) throws {
    guard let file else { return try StandardOutput.write(text) }
    try file.append(Data(text.utf8), done: done)
  }

  /// How far the caller has come with what a file holds; 0 for standard output.
  var done: Int { file?.done ?? 0 }

  func finish() throws { try file?.finish() }
  func discard() { file?.discard() }
}
