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
  /// - Throws: `ConfigurationError.unknownKey` with the whole path of the nearest known key.
  package static func merge(
    _ given: JSONValue, over defaults: JSONValue?, schema: ConfigurationSchema
  ) throws(ConfigurationError) -> JSONValue {
    try merge(given, over: defaults, schema: schema, root: schema, path: "")
  }

  private static func merge(
    _ given: JSONValue, over defaults: JSONValue?, schema: ConfigurationSchema, root: ConfigurationSchema, path: String
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
            suggestion: Objectives.renamed[key].map { path.isEmpty ? $0 : "\(path).\($0)" }
              ?? root.suggestion(for: key, in: path, among: complete.keys.sorted()),
            known: complete.keys.sorted().map { path.isEmpty ? $0 : "\(path).\($0)" })
        }
        merged[key] =
          value == .null ? nil : try merge(value, over: merged[key], schema: schema[key], root: root, path: place)
      }
      return .object(merged)
    case (.array(let given), .array(let complete)) where !complete.isEmpty:
      var merged: [JSONValue] = []
      for (index, value) in given.enumerated() {
        merged.append(
          try merge(value, over: schema.element.fresh, schema: schema.element, root: root, path: "\(path).\(index)"))
      }
      return .array(merged)
    case (.object(let given), .array(let complete)) where !complete.isEmpty:
      guard case .array(var elements)? = defaults else { return .object(given) }
      for (key, value) in given.sorted(by: { $0.key < $1.key }) {
        guard let index = Int(key), elements.indices.contains(index) else {
          if Int(key) == nil, case .object(let known) = schema.element.complete, known[key] != nil {
            throw .unknownKey("\(path).\(key)", suggestion: "\(path).0.\(key)", known: [])
          }
          let places = elements.count == 1 ? "0, the only place" : "a place from 0 to \(elements.count - 1)"
          throw .wrongShape("\(path).\(key)", expected: "\(places) in “\(path)”")
        }
        elements[index] = try merge(
          value, over: elements[index], schema: schema.element, root: root, path: "\(path).\(key)")
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
      let parser = try Yams.Parser(yaml: yaml)
      guard let node = try parser.singleRoot() else { return .object([:]) }
      // The parser owns the anchors that nodes name.
      return try withExtendedLifetime(parser) { try JSONValue(node) }
    } catch let error as ConfigurationAnchor {
      throw .notYAML(file: file, fault: "\(error)")
    } catch let error as YamlError {
      throw .notYAML(file: file, fault: error.sentence)
    } catch {
      throw .notYAML(file: file, fault: "it is not text")
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
  ///
  /// - Throws: `ConfigurationAnchor`: an alias repeats a part, and a few lines of them would fill any memory.
  init(_ node: Node) throws(ConfigurationAnchor) {
    if let anchor = node.anchor { throw ConfigurationAnchor(name: anchor.rawValue, line: node.mark?.line) }
    switch node {
    case .mapping(let mapping):
      var members: [String: JSONValue] = [:]
      for (key, value) in mapping { members[key.string ?? ""] = try JSONValue(value) }
      self = .object(members)
    case .sequence(let sequence):
      var values: [JSONValue] = []
      for value in sequence { values.append(try JSONValue(value)) }
      self = .array(values)
    case .scalar(let scalar):
      if scalar.style != .plain {
        self = .text(scalar.string)
      } else if let value = Int(scalar.string) {
        self = .integer(value)
      } else if let value = Double(scalar.string), value.isFinite {
        self = .number(value)
      } else if scalar.string == "true" || scalar.string == "false" {
        self = .boolean(scalar.string == "true")
      } else if scalar.string.isEmpty || scalar.string == "null" || scalar.string == "~" {
        self = .null
      } else {
        self = .text(scalar.string)
      }
    case .alias(let alias): throw ConfigurationAnchor(name: alias.anchor.rawValue, line: alias.mark?.line)
    }
  }
}

/// An anchor (`&name`) or an alias (`*name`) in a configuration.
struct ConfigurationAnchor: Error, CustomStringConvertible {
  let name: String
  let line: Int?

  var description: String {
    let place = line.map { "line \($0): " } ?? ""
    return "\(place)the anchor “\(name)”; anchors and aliases are not read, so write the values out"
  }
}

extension YamlError {
  /// What is wrong and where, on one line: libyaml adds the line itself, however long it is.
  fileprivate var sentence: String {
    switch self {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let within = context.map { "\($0.text) of line \($0.mark.line), column \($0.mark.column), " } ?? ""
      return "line \(mark.line), column \(mark.column): \(within)\(problem)"
    case .reader(let problem, let offset, _, _):
      return "\(offset.map { "byte \($0): " } ?? "")\(problem)"
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.sorted().prefix(3).map { "“\($0.prefix(100))”" }.joined(separator: ", ")
      return "line \(context.mark.line), column \(context.mark.column): \(keys) stands twice"
    case .dataCouldNotBeDecoded: return "it is not UTF-8"
    case .no, .memory, .writer, .emitter, .representer: return "it cannot be read"
    }
  }
}
