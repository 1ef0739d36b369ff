import DurableFiles
import Foundation

/// Text that goes to standard output as it is made, or to a file that appears whole at the end.
package enum LineSink {
  case standardOutput
  case file(ResumableFile)

  /// - Parameter path: nil for standard output.
  package init(_ path: String?) throws(ResumableFileError) {
    guard let path else {
      self = .standardOutput
      return
    }
    self = .file(try ResumableFile(URL(fileURLWithPath: path), request: "", resuming: false))
  }

  /// Writes `text`; `done` is how far the caller has come with it.
  package func write(_ text: String, done: Int = 0) throws {
    switch self {
    case .standardOutput: try StandardOutput.write(text)
    case .file(let file): try file.append(Data(text.utf8), done: done)
    }
  }

  /// How far the caller has come with what a file holds; 0 for standard output.
  package var done: Int { if case .file(let file) = self { file.done } else { 0 } }

  /// Puts a file at its place.
  package func finish() throws { if case .file(let file) = self { try file.finish() } }

  /// Takes away what was written to a file so far.
  package func discard() { if case .file(let file) = self { file.discard() } }
}

/// Text as a field of a CSV line.
package enum CSVField {
  /// As RFC 4180 has it: in quotation marks where it holds a comma, a quotation mark or the end of a line.
  ///
  /// - Parameter guarded: whether a text that spreadsheets would run as a formula, since it begins with `=`, `+`, `-`, `@`, a
  ///   tabulator or a carriage return, gets an apostrophe before it.
  package static func quote(_ text: String, guarded: Bool = false) -> String {
    let text = guarded && text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } == true ? "'\(text)" : text
    let plain = text.utf8.allSatisfy { $0 != 0x2C && $0 != 0x22 && $0 != 0x0A && $0 != 0x0D }
    if plain { return text }
    // By scalars: a quotation mark under an accent is one character, and must be doubled, too.
    var quoted = "\""
    for scalar in text.unicodeScalars {
      quoted.unicodeScalars.append(contentsOf: scalar == "\"" ? ["\"", "\""] : [scalar])
    }
    return quoted + "\""
  }
}
