import Foundation
import Interactions
import SequentialModels
import Yams

/// A configuration as a tree of keys: what a file gives is laid over the defaults, and nothing unknown slips through.
package enum ConfigurationTree {
  /// Lays `given` over `defaults`; every key must stand in the schema.
  ///
  /// A part that the defaults leave out starts with its own defaults. A list of parts is replaced, each element laid over a
  /// fresh one; written as keys (`stages.0.epochs`), single elements of the list that is there are changed.
  /// - Throws: `ConfigurationError.unknownKey` with the nearest known name.
  package static func merge(
    _ given: JSONValue, over defaults: JSONValue?, schema: ConfigurationSchema, path: String = ""
  ) throws(ConfigurationError) -> JSONValue {
    switch (given, schema.complete) {
    case (.object(let given), .object(let complete)):
      var merged: [String: JSONValue] = [:]
      if case .object(let members)? = defaults ?? schema.part { merged = members }
      for (key, value) in given.sorted(by: { $0.key < $1.key }) {
        let place = path.isEmpty ? key : "\(path).\(key)"
        if complete[key] == nil {
          throw .unknownKey(
            place,
            suggestion: Objectives.renamed[key]
              ?? NearestName.suggestion(for: key, among: complete.keys.sorted()),
            known: complete.keys.sorted())
        }
        merged[key] = value == .null ? nil : try merge(value, over: merged[key], schema: schema[key], path: place)
      }
      return .object(merged)
    case (.array(let given), .array(let complete)) where !complete.isEmpty:
      var merged: [JSONValue] = []
      for (index, value) in given.enumerated() {
        merged.append(try merge(value, over: schema.element.fresh, schema: schema.element, path: "\(path)[\(index)]"))
      }
      return .array(merged)
    case (.object(let given), .array(let complete)) where !complete.isEmpty:
      guard case .array(var elements)? = defaults else { return .object(given) }
      for (key, value) in given.sorted(by: { $0.key < $1.key }) {
        guard let index = Int(key), elements.indices.contains(index) else {
          throw .wrongShape("\(path).\(key)", expected: "a place from 0 to \(elements.count - 1) in “\(path)”")
        }
        elements[index] = try merge(
          value, over: elements[index], schema: schema.element, path: "\(path).\(key)")
      }
      return .array(elements)
    case (.object, _), (_, .object):
      let expected = if case .object = schema.complete { "keys and values" } else { "a single value" }
      throw .wrongShape(path.isEmpty ? "the configuration" : path, expected: expected)
    default:
      return given
    }
  }

  /// The tree of a YAML text.
  package static func parse(_ yaml: String, file: String) throws(ConfigurationError) -> JSONValue {
    do {
      guard let node = try Yams.compose(yaml: yaml) else { return .object([:]) }
      return JSONValue(node)
    } catch let error as YamlError {
      throw .notYAML(file: file, fault: "\(error)")
    } catch {
      throw .notYAML(file: file, fault: error.localizedDescription)
    }
  }

  /// The tree in which only `path` (`stages.0.epochs`, `model.hidden`) has a value, as a flag gives it.
  package static func single(_ path: String, _ text: String) throws(ConfigurationError) -> JSONValue {
    var value = try parse(text, file: path)
    for key in path.split(separator: ".").reversed() { value = .object([String(key): value]) }
    return value
  }
}

extension JSONValue {
  /// A YAML node; plain scalars are read as YAML 1.2 reads them.
  init(_ node: Node) {
    switch node {
    case .mapping(let mapping):
      var members: [String: JSONValue] = [:]
      for (key, value) in mapping { members[key.string ?? ""] = JSONValue(value) }
      self = .object(members)
    case .sequence(let sequence): self = .array(sequence.map { JSONValue($0) })
    case .scalar(let scalar):
      if scalar.style != .plain {
        self = .text(scalar.string)
      } else if let value = Int(scalar.string) {
        self = .integer(value)
      } else if let value = Double(scalar.string) {
        self = .number(value)
      } else if scalar.string == "true" || scalar.string == "false" {
        self = .boolean(scalar.string == "true")
      } else if scalar.string.isEmpty || scalar.string == "null" || scalar.string == "~" {
        self = .null
      } else {
        self = .text(scalar.string)
      }
    case .alias: self = .null
    }
  }
}
