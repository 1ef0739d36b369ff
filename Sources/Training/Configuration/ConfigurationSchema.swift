import Interactions

/// Which keys a configuration has, and what its parts start from.
package struct ConfigurationSchema: Sendable {
  /// Every key, optional ones included.
  let complete: JSONValue
  /// Every part, with its own defaults and nothing that is optional within it.
  let part: JSONValue?
  /// Only what is never left out: what an element of a list starts from.
  let fresh: JSONValue?

  package init(complete: JSONValue, part: JSONValue?, fresh: JSONValue?) {
    self.complete = complete
    self.part = part
    self.fresh = fresh
  }

  /// The schema of a key's value.
  subscript(key: String) -> ConfigurationSchema {
    func member(_ value: JSONValue?) -> JSONValue? {
      if case .object(let members)? = value { members[key] } else { nil }
    }
    return ConfigurationSchema(complete: member(complete) ?? .null, part: member(part), fresh: member(fresh))
  }

  /// The schema of a list's elements.
  var element: ConfigurationSchema {
    func first(_ value: JSONValue?) -> JSONValue? { if case .array(let values)? = value { values.first } else { nil } }
    return ConfigurationSchema(complete: first(complete) ?? .null, part: first(part), fresh: first(fresh))
  }

  /// The path of every key, those of lists by their first place: `stages.0.epochs`.
  private func paths(under prefix: String = "") -> [String] {
    switch complete {
    case .object(let members):
      return members.keys.sorted().flatMap { key in
        [prefix + key] + self[key].paths(under: "\(prefix)\(key).")
      }
    case .array(let values) where !values.isEmpty: return element.paths(under: "\(prefix)0.")
    default: return []
    }
  }

  /// The whole path of the key that `key` within `path` was meant to be: a neighbor spelled alike, the same key elsewhere,
  /// or one spelled alike elsewhere.
  func suggestion(for key: String, in path: String, among neighbors: [String]) -> String? {
    if let neighbor = NearestName.suggestion(for: key, among: neighbors) {
      return path.isEmpty ? neighbor : "\(path).\(neighbor)"
    }
    let all = paths()
    func last(_ path: String) -> String { path.split(separator: ".").last.map(String.init) ?? path }
    let typed = key.split(separator: ".").last.map(String.init) ?? key
    if let same = all.first(where: { last($0).lowercased() == typed.lowercased() }) { return same }
    let near = NearestName.suggestion(for: typed, among: all.map(last))
    return near.flatMap { name in all.first { last($0) == name } }
  }
}
