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
}
