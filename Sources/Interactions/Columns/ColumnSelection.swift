/// Which column is the user, the item, the time and the group, where the person says so.
package struct ColumnSelection: Codable, Sendable, Equatable {
  /// A column's name, or its number from 1, by role.
  package private(set) var columns: [ColumnRole: String] = [:]

  package init() {}

  /// Reads `user=…,item=…,time=…,group=…`; every part may be left out.
  package init(_ text: String) throws(LogError) {
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.trimmed)
      guard sides.count == 2, !sides[1].isEmpty else {
        throw .badColumns(text: text, reason: "\"\(part)\" is not ROLE=COLUMN")
      }
      guard let role = ColumnRole(rawValue: sides[0]) else {
        throw .badColumns(text: text, reason: "\"\(sides[0])\" is no role")
      }
      guard sides[1] != "none" || role == .time || role == .group else {
        throw .badColumns(text: text, reason: "a log needs its \(sides[0])")
      }
      guard columns[role] == nil else { throw .badColumns(text: text, reason: "\(sides[0]) is named twice") }
      columns[role] = sides[1]
    }
  }

  /// Whether the person said `ROLE=none`: the log has no such column, whatever a header suggests.
  func leavesOut(_ role: ColumnRole) -> Bool { columns[role] == "none" }

  /// Where the column of `role` stands among `names`, from 0; nil where the person did not say.
  ///
  /// A name counts before a number, so that a column named `2` can be meant.
  func position(of role: ColumnRole, in names: [String], file: String) throws(LogError) -> Int? {
    guard let asked = columns[role], asked != "none" else { return nil }
    if let exact = names.firstIndex(of: asked) ?? names.firstIndex(where: { Self.untyped($0) == asked }) {
      return exact
    }
    if let number = Int(asked), names.indices.contains(number - 1) { return number - 1 }
    throw .unknownColumn(file: file, role: role, asked: asked, known: names)
  }

  /// A column name without RecBole's `:type`.
  private static func untyped(_ name: String) -> String {
    String(name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)[0])
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
