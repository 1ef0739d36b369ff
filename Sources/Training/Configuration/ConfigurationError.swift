/// A configuration that cannot be used, with the key's place and what to write instead.
package enum ConfigurationError: Error, CustomStringConvertible, Equatable {
  case unreadable(file: String, reason: String)
  case notYAML(file: String, fault: String)
  case unknownKey(String, suggestion: String?, known: [String])
  case wrongShape(String, expected: String)
  case wrongValue(String, fault: String)

  package var description: String {
    switch self {
    case .unreadable(let file, let reason): "cannot read the configuration \(file): \(reason)"
    case .notYAML(let file, let fault): "\(file) is not YAML: \(fault)"
    case .unknownKey(let key, let suggestion?, _): "unknown key “\(Self.brief(key))”; did you mean “\(suggestion)”?"
    case .unknownKey(let key, nil, let known):
      "unknown key “\(Self.brief(key))”; known here: \(known.joined(separator: ", "))"
    case .wrongShape(let key, let expected): "“\(Self.brief(key))” should be \(expected)"
    case .wrongValue(let key, let fault): "“\(Self.brief(key))” cannot be used: \(Self.brief(fault, most: 1_000))"
    }
  }

  /// What a file says, of whatever length, as far as a sentence takes it.
  private static func brief(_ text: String, most: Int = 200) -> String {
    text.utf8.count <= most ? text : text.prefix(most) + "…"
  }
}
