import Interactions

/// The members of a JSON object of a request, each read once; what is left in the end is refused.
struct RequestFields {
  private var members: [RequestValue.Member]
  /// Where the object stands, for a sentence: empty, or `requests[2].`.
  private let path: String
  /// Every name that was requested.
  private var known: [String] = []

  /// - Throws: `APIError` where the value is no object.
  init(_ value: RequestValue, at path: String = "") throws(APIError) {
    guard case .object(let members) = value else {
      throw .bad("\(path.isEmpty ? "the body" : "`\(path)`"): an object is expected, found \(value.found)")
    }
    self.members = members
    self.path = path.isEmpty ? "" : path + "."
  }

  /// Whether there is a member of this name.
  func has(_ name: String) -> Bool { members.contains { $0.name == name } }

  mutating func value(_ name: String) -> RequestValue? {
    known.append(name)
    guard let index = members.firstIndex(where: { $0.name == name }) else { return nil }
    return members.remove(at: index).value
  }

  mutating func text(_ name: String) throws(APIError) -> String? {
    guard let value = value(name) else { return nil }
    return try text(value, name)
  }

  mutating func identifier(_ name: String) throws(APIError) -> Identifier? { try text(name).map { Identifier($0) } }

  mutating func flag(_ name: String) throws(APIError) -> Bool? {
    guard let value = value(name) else { return nil }
    guard case .bool(let flag) = value else { throw expected("true or false", name, value) }
    return flag
  }

  mutating func integer(_ name: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
    guard let value = value(name) else { return nil }
    guard case .number(let number) = value, number == number.rounded(), abs(number) < 1e15, range.contains(Int(number))
    else { throw expected("a whole number from \(range.lowerBound) to \(range.upperBound)", name, value) }
    return Int(number)
  }

  /// A list of ids, at most `most` of them.
  mutating func identifiers(_ name: String, most: Int) throws(APIError) -> [Identifier]? {
    guard let value = value(name) else { return nil }
    guard case .list(let values) = value else { throw expected("a list of ids", name, value) }
    if values.count > most { throw .bad("`\(path)\(name)` has \(values.count) ids; at most \(most) are taken") }
    var ids: [Identifier] = []
    ids.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      // Of thousands of ids none has a name for an error that does not come.
      guard case .text(let id) = value, !id.isEmpty else {
        ids.append(Identifier(try text(value, "\(name)[\(index)]")))
        continue
      }
      ids.append(Identifier(id))
    }
    return ids
  }

  /// A list of objects, 1 to `most` of them.
  mutating func objects(_ name: String, most: Int) throws(APIError) -> [RequestFields]? {
    guard let value = value(name) else { return nil }
    guard case .list(let values) = value else { throw expected("a list of objects", name, value) }
    if values.isEmpty || values.count > most {
      throw .bad("`\(path)\(name)` has \(values.count) objects; from 1 to \(most) are taken")
    }
    var objects: [RequestFields] = []
    for (index, value) in values.enumerated() {
      objects.append(try RequestFields(value, at: "\(path)\(name)[\(index)]"))
    }
    return objects
  }

  /// Refuses members that no request has, with the nearest name that is known.
  func end() throws(APIError) {
    guard let name = members.first?.name else { return }
    let guess = NearestName.suggestion(for: name, among: known).map { "; did you mean `\($0)`?" } ?? ""
    throw .bad("`\(path)\(name.prefix(40))` is not known here\(guess.isEmpty ? "; leave it out" : guess)")
  }

  /// The error of a member that is needed and missing.
  func missing(_ what: String) -> APIError {
    .bad("\(path.isEmpty ? "" : "`\(path.dropLast())`: ")\(what)")
  }

  private func text(_ value: RequestValue, _ name: String) throws(APIError) -> String {
    guard case .text(let text) = value else { throw expected("an id in quotes", name, value) }
    if text.isEmpty { throw .bad("`\(path)\(name)` is empty; an id has at least one character") }
    return text
  }

  private func expected(_ what: String, _ name: String, _ value: RequestValue) -> APIError {
    .bad("`\(path)\(name)`: \(what) is expected, found \(value.found)")
  }
}
