/// Which column is the user, the item, the time and the group, where the user of the program says so.
package struct ColumnSelection: Codable, Sendable, Equatable {
  /// A column's name, or its number from 1, by role.
  package private(set) var columns: [ColumnRole: String] = [:]
  /// Whether the item's column holds a list of items in each row.
  package private(set) var itemsAreLists = false

  private static let noColumn = "none"

  package init() {}

  /// Reads `user=…,item=…,time=…,group=…,kind=…,rating=…`; every part may be left out, `items=…` names a column of lists,
  /// `time=DATE+CLOCK` joins two columns.
  package init(_ text: String) throws(LogError) {
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.trimmed)
      guard sides.count == 2, !sides[1].isEmpty else {
        throw .badColumns(text: text, reason: "\"\(part)\" is not ROLE=COLUMN")
      }
      if sides[0] == "items" { itemsAreLists = true }
      guard let role = sides[0] == "items" ? .item : ColumnRole(rawValue: sides[0]) else {
        throw .badColumns(text: text, reason: "\"\(sides[0])\" is no role")
      }
      guard sides[1] != Self.noColumn || (role != .user && role != .item) else {
        throw .badColumns(text: text, reason: "a log needs its \(sides[0])")
      }
      guard columns[role] == nil else { throw .badColumns(text: text, reason: "\(sides[0]) is named twice") }
      columns[role] = sides[1]
    }
  }

  package var isEmpty: Bool { columns.isEmpty }

  /// Whether the user said `ROLE=none`: the log has no such column, whatever a header suggests.
  func leavesOut(_ role: ColumnRole) -> Bool { columns[role] == Self.noColumn }

  /// Whether the user named a column for `role`.
  func names(_ role: ColumnRole) -> Bool { columns[role] != nil && !leavesOut(role) }

  /// Where the column of `role` stands among `names`, from 0; nil where the user did not say.
  ///
  /// A name counts before a number, so that a column named `2` can be meant.
  func position(of role: ColumnRole, in names: [String], file: String) throws(LogError) -> Int? {
    guard let requested = columns[role], requested != Self.noColumn else { return nil }
    if let position = Self.position(of: requested, in: names) { return position }
    throw .unknownColumn(file: file, role: role, requested: requested, known: names)
  }

  /// Where the columns of the date and of the clock stand for `time=DATE+CLOCK`; nil for a single column.
  func joinedTime(in names: [String], file: String) throws(LogError) -> (date: Int, clock: Int)? {
    guard let requested = columns[.time], Self.position(of: requested, in: names) == nil else { return nil }
    let parts = requested.split(separator: "+", maxSplits: 1).map(Self.trimmed)
    guard parts.count == 2 else { return nil }
    let places = try parts.map { part throws(LogError) in
      if let position = Self.position(of: part, in: names) { return position }
      throw .unknownColumn(file: file, role: .time, requested: part, known: names)
    }
    return (places[0], places[1])
  }

  /// Where the column called `requested`, or numbered so from 1, stands among `names`.
  static func position(of requested: String, in names: [String]) -> Int? {
    let wanted = Identifier(requested)
    if let exact = names.firstIndex(where: { Identifier($0) == wanted })
      ?? names.firstIndex(where: { Identifier(untyped($0)) == wanted })
    {
      return exact
    }
    if let number = Int(requested), names.indices.contains(number - 1) { return number - 1 }
    return nil
  }

  /// A column name without RecBole's `:type`.
  private static func untyped(_ name: String) -> String {
    String(name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)[0])
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

extension ColumnSelection: CustomStringConvertible {
  /// What `init` reads.
  package var description: String {
    ColumnRole.allCases.compactMap { role in
      columns[role].map { "\(role.rawValue)\(role == .item && itemsAreLists ? "s" : "")=\($0)" }
    }.joined(separator: ",")
  }
}
