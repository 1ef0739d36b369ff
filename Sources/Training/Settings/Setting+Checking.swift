import Interactions

extension Setting {
  /// Refuses a configuration with a value that its key cannot have.
  ///
  /// - Parameter tree: the whole configuration, whose numbers may be of any size.
  /// - Throws: `ConfigurationError.wrongValue` with the key, what it may be and what was found.
  static func check(_ tree: JSONValue) throws(ConfigurationError) {
    for (path, value) in tree.values {
      if let fault = at(path)?.fault(of: value) { throw .wrongValue(path, fault: fault) }
    }
  }

  /// Why `value` cannot be this key's; nil where it can.
  func fault(of value: JSONValue) -> String? {
    let found = "found \(Self.quoted(value))"
    switch (kind, value) {
    case (.number(let range), .integer(let number)):
      return range.contains(Double(number)) ? nil : "expected \(range.text), \(found)"
    case (.number(let range), .number(let number)):
      return range.contains(number) ? nil : "expected \(range.text), \(found)"
    case (.flag, .boolean), (.text, .text), (.list, .array): return nil
    case (.text, .integer), (.text, .number), (.text, .boolean):
      return "expected \(values), \(found); put it in quotes if it is a text"
    case (.choice(let names, let renamed), .text(let name)):
      if names.contains(name) { return nil }
      if let now = renamed[name] { return "“\(name)” is called “\(now)” since version 0.2" }
      let guess = NearestName.suggestion(for: name, among: names).map { "; did you mean “\($0)”?" } ?? ""
      return "expected \(values), \(found)\(guess)"
    default: return "expected \(values), \(found)"
    }
  }

  private static func quoted(_ value: JSONValue) -> String {
    if case .text(let text) = value { return "“\(text)”" }
    return YAMLText.scalar(value)
  }

  /// The value of a choice that an option was given.
  ///
  /// - Throws: `ConfigurationError.wrongValue` as for a file.
  package static func choice<Value: RawRepresentable<String>>(
    _ text: String, of path: String
  ) throws(ConfigurationError) -> Value {
    if let value = Value(rawValue: text) { return value }
    throw .wrongValue(path, fault: at(path)?.fault(of: .text(text)) ?? "“\(text)” is none of its values")
  }
}

extension JSONValue {
  /// Every value that holds no keys, with its dotted path: those of lists of parts by their places, other lists whole.
  package var values: [(path: String, value: JSONValue)] { values(under: "") }

  private func values(under path: String) -> [(path: String, value: JSONValue)] {
    let below = path.isEmpty ? "" : path + "."
    switch self {
    case .array(let elements) where elements.contains(where: { if case .object = $0 { true } else { false } }):
      return elements.enumerated().flatMap { $0.element.values(under: below + String($0.offset)) }
    case .object(let members):
      return members.sorted { $0.key < $1.key }.flatMap { $0.value.values(under: below + $0.key) }
    default: return [(path, self)]
    }
  }
}
