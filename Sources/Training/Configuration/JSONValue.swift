import Foundation

/// Any JSON value, so that a record can carry a configuration whose type it does not know.
package enum JSONValue: Codable, Sendable, Equatable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// What `value` looks like in JSON.
  ///
  /// - Throws: what the encoder throws, e.g. for a number that is not finite.
  package init(encoding value: some Encodable) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .boolean(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let members): try container.encode(members)
    }
  }

  /// Every value that holds no other one, with its dotted path (`model.hidden`, `stages.0.epochs`), in path order.
  package var leaves: [(path: String, text: String)] { leaves(under: "") }

  private func leaves(under path: String) -> [(path: String, text: String)] {
    let below = path.isEmpty ? "" : path + "."
    switch self {
    case .array(let values) where !values.isEmpty:
      return values.enumerated().flatMap { $0.element.leaves(under: below + String($0.offset)) }
    case .object(let members) where !members.isEmpty:
      return members.sorted { $0.key < $1.key }.flatMap { $0.value.leaves(under: below + $0.key) }
    default: return [(path, text)]
    }
  }

  private var text: String {
    switch self {
    case .null, .array, .object: "–"
    case .boolean(let value): value ? "yes" : "no"
    case .integer(let value): String(value)
    case .number(let value): String(value)
    case .text(let value): value
    }
  }
}
