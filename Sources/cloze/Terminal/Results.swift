import DurableFiles
import Foundation

/// Prints a result; in this target `print` means this one, so that no write to stdout goes unchecked.
///
/// - Throws: `DurableFileError` where standard output cannot take it: the command then fails.
func print(_ text: String, terminator: String = "\n") throws(DurableFileError) {
  try StandardOutput.print(text, terminator: terminator)
}

/// Results for machines.
enum JSONText {
  /// `value` as JSON with sorted keys, over several lines.
  static func of(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

/// Words of a command line to copy.
enum Shell {
  /// `text` as one word of a POSIX shell.
  static func word(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "/._-+:@%,=".utf8.contains(byte)
        }
      }
    return isPlain
      ? text : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
