import Foundation

/// The JSON at the head of a safetensors file, as it stands there and not yet believed.
struct SafetensorsHeader: Decodable {
  struct Entry: Decodable {
    let type: String
    let shape: [Int]
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case type = "dtype"
      case shape
      case offsets = "data_offsets"
    }
  }

  var metadata: [String: String] = [:]
  var entries: [String: Entry] = [:]

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    for name in container.allKeys {
      if name.stringValue == "__metadata__" {
        metadata = try container.decode([String: String].self, forKey: name)
      } else {
        entries[name.stringValue] = try container.decode(Entry.self, forKey: name)
      }
    }
  }

  /// Reads `json`; the reason of a failure is one clause, naming the tensor where it is known.
  static func parse(_ json: Data) throws(Malformed) -> SafetensorsHeader {
    guard json.first == UInt8(ascii: "{") else { throw Malformed(reason: "it does not begin with {") }
    do {
      return try JSONDecoder().decode(SafetensorsHeader.self, from: json)
    } catch {
      throw Malformed(reason: reason(of: error))
    }
  }

  struct Malformed: Error { let reason: String }

  private static func reason(of error: any Error) -> String {
    func entry(_ context: DecodingError.Context, _ fault: String) -> String {
      guard let tensor = context.codingPath.first?.stringValue else { return "it is not valid JSON" }
      return "the entry of \(tensor.prefix(200)) is not {dtype, shape, data_offsets}: \(fault)"
    }
    func part(_ context: DecodingError.Context) -> String {
      context.codingPath.count < 2 ? "it" : "“\(context.codingPath[1].stringValue)”"
    }
    return switch error as? DecodingError {
    case .keyNotFound(let key, let context): entry(context, "“\(key.stringValue)” is missing")
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      entry(context, "\(part(context)) is something else")
    case .dataCorrupted(let context): entry(context, "\(part(context)) cannot be read")
    default: "it is not valid JSON"
    }
  }
}

/// The number formats of safetensors that are read; only `float32` is written.
package enum TensorType: String, Sendable {
  case float64 = "F64"
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int64 = "I64"
  case int32 = "I32"
  case int16 = "I16"
  case int8 = "I8"
  case uint8 = "U8"
  case bool = "BOOL"

  /// Bytes per number.
  package var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  package var isFloatingPoint: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: true
    case .int64, .int32, .int16, .int8, .uint8, .bool: false
    }
  }
}
