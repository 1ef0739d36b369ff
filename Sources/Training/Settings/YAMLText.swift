import Foundation

/// Configurations as YAML that `--config` reads.
package enum YAMLText {
  /// A value on one line; texts are quoted where they would be read as something else.
  package static func scalar(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let text): isPlain(text) ? text : quoted(text)
    case .array(let values): "[\(values.map { scalar($0) }.joined(separator: ", "))]"
    case .object(let members):
      "{\(members.sorted { $0.key < $1.key }.map { "\($0.key): \(scalar($0.value))" }.joined(separator: ", "))}"
    }
  }

  /// Keys and values over several lines, in the order of `Setting.all`, with the reason of each key that has one as a
  /// comment: behind it where that fits 80 columns, above it where not.
  package static func of(_ experiment: Experiment, reasons: SettingReasons = SettingReasons()) throws -> String {
    lines(try experiment.tree(), path: "", place: "", indent: "", reasons).joined(separator: "\n") + "\n"
  }

  /// - Parameters:
  ///   - path: as settings have it, `stages.N`.
  ///   - place: as experiments have it, `stages.0`.
  private static func lines(
    _ value: JSONValue, path: String, place: String, indent: String, _ reasons: SettingReasons
  ) -> [String] {
    guard case .object(let members) = value else { return [] }
    let below = path.isEmpty ? "" : path + "."
    let inside = place.isEmpty ? "" : place + "."
    func rank(_ key: String) -> Int {
      Setting.all.firstIndex { $0.path == below + key || $0.path.hasPrefix(below + key + ".") } ?? .max
    }
    return members.sorted { (rank($0.key), $0.key) < (rank($1.key), $1.key) }.flatMap { key, value -> [String] in
      switch value {
      case .object:
        return ["\(indent)\(key):"]
          + lines(value, path: below + key, place: inside + key, indent: indent + "  ", reasons)
      case .array(let parts) where isList(ofParts: parts):
        return ["\(indent)\(key):"]
          + parts.enumerated().flatMap { number, part in
            let inner = lines(
              part, path: "\(below)\(key).N", place: "\(inside)\(key).\(number)", indent: indent + "    ", reasons)
            return inner.enumerated().map {
              $0.offset == 0 ? "\(indent)  - \($0.element.dropFirst(indent.count + 4))" : $0.element
            }
          }
      default: return commented("\(indent)\(key): \(scalar(value))", reasons[inside + key], indent: indent)
      }
    }
  }

  /// `line` with its reason.
  private static func commented(_ line: String, _ reason: String?, indent: String) -> [String] {
    guard let reason else { return [line] }
    let together = "\(line)  # \(reason.replacing("\n", with: " "))"
    if together.count <= width { return [together] }
    var comments: [String] = []
    for word in reason.split(whereSeparator: \.isWhitespace) {
      if let last = comments.last, last.count + 1 + word.count <= width {
        comments[comments.count - 1] = "\(last) \(word)"
      } else {
        comments.append("\(indent)# \(word)")
      }
    }
    return comments + [line]
  }

  private static let width = 80

  private static func isList(ofParts values: [JSONValue]) -> Bool {
    values.contains { if case .object = $0 { true } else { false } }
  }

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first.properties.isAlphabetic, Double(text) == nil else {
      return false
    }
    return !["true", "false", "null", "yes", "no", "on", "off"].contains(text.lowercased())
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "_./+@-".utf8.contains(byte)
        }
      }
  }

  /// In double quotes, as JSON has it, which YAML reads alike.
  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
