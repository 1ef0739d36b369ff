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
