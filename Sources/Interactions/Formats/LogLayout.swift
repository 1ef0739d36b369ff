/// How one log is written: its format, its header, and which column plays which role.
package struct LogLayout: Codable, Sendable, Equatable {
  /// A column with a role: its name (where the log has names) and its number from 1.
  package struct Column: Codable, Sendable, Equatable {
    package let name: String?
    package let number: Int
  }

  package let format: LogFormat
  package let hasHeader: Bool
  package let columns: [ColumnRole: Column]
  /// How many columns a row has.
  package let columnCount: Int

  /// Finds the roles among `names`: as the person says, else by the usual names (or, without a header, by place).
  ///
  /// - Parameters:
  ///   - names: the header, or nil where the log has none.
  ///   - time: the number of the column that holds times in a log without header, from 0.
  /// - Throws: `LogError` where a column that was asked for is unknown, or the user or the item cannot be found.
  package init(
    format: LogFormat, names: [String]?, columnCount: Int, time: Int?, selection: ColumnSelection, file: String
  ) throws(LogError) {
    self.format = format
    self.columnCount = columnCount
    hasHeader = names != nil
    let known = names ?? (1...max(1, columnCount)).map(String.init)
    var found: [ColumnRole: Column] = [:]
    for role in ColumnRole.allCases where !selection.leavesOut(role) {
      var position = try selection.position(of: role, in: known, file: file)
      if position == nil {
        position = names.map(role.position) ?? Self.usualPlace(of: role, among: columnCount, time: time)
      }
      if let position { found[role] = Column(name: names?[position], number: position + 1) }
    }
    for role in [ColumnRole.user, .item] where found[role] == nil {
      throw .noColumn(file: file, role: role, known: known)
    }
    columns = found
  }

  /// Where a log without header has its user, item and time, from 0.
  private static func usualPlace(of role: ColumnRole, among count: Int, time: Int?) -> Int? {
    switch role {
    case .user: 0
    case .item: count > 1 ? 1 : nil
    case .time: time
    case .group: nil
    }
  }

  /// By column, the position of its role, or -1.
  var rolePositions: [Int] {
    var positions = [Int](repeating: -1, count: columnCount)
    for (role, column) in columns { positions[column.number - 1] = role.position }
    return positions
  }
}

extension ColumnRole: CodingKeyRepresentable {}
