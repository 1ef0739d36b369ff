import DurableFiles
import Foundation

/// The small files of a Hugging Face directory.
enum TextFile {
  /// The bytes of the file at `url`.
  static func read(_ url: URL) throws(HuggingFaceError) -> Data {
    do {
      return try Data(contentsOf: url)
    } catch {
      throw HuggingFaceError(path: url.path, fault: .unreadable(reason: FileReason.of(error)))
    }
  }

  /// The value that the JSON file at `url` holds.
  static func decode<Value: Decodable>(_ type: Value.Type, from url: URL) throws(HuggingFaceError) -> Value {
    try decodeWithText(type, from: url).value
  }

  /// The value that the JSON file at `url` holds, and its bytes.
  static func decodeWithText<Value: Decodable>(
    _ type: Value.Type, from url: URL
  ) throws(HuggingFaceError) -> (value: Value, text: Data) {
    let data = try read(url)
    do {
      return (try JSONDecoder().decode(type, from: data), data)
    } catch {
      throw HuggingFaceError(path: url.path, fault: .json(reason: reason(of: error)))
    }
  }

  private static func reason(of error: any Error) -> String {
    switch error as? DecodingError {
    case .keyNotFound(let key, _):
      "\(key.stringValue) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it does not parse"
        : "\(context.codingPath.map(\.stringValue).joined(separator: ".")) is not what it should be: "
          + context.debugDescription
    default: "it does not parse"
    }
  }
}
