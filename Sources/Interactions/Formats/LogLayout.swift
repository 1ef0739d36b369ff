/// How one log is written: its format, its header, and which column plays which role.
package struct LogLayout: Codable, Sendable, Equatable {
  /// How a column came to its role.
  package enum Finding: String, Codable, Sendable {
    /// The user of the program named it.
    case option
    /// By its name.
    case name
    /// By its values: no name said it, or there was none.
    case values
    /// By its usual place, in a log without header.
    case place
    /// By the public log that this is.
    case publicLog
  }

  /// A column with a role: its name (where the log has names) and its number from 1.
  package struct Column: Codable, Sendable, Equatable {
    package let name: String?
    package let number: Int
    package let finding: Finding?

    package init(name: String?, number: Int, finding: Finding? = nil) {
      self.name = name
      self.number = number
      self.finding = finding
    }
  }

  package internal(set) var format: LogFormat
  package internal(set) var hasHeader: Bool
  package internal(set) var columns: [ColumnRole: Column]
  /// How many columns a row has.
  package internal(set) var columnCount: Int
  /// What stands between columns; nil where rows are JSON or come from a table.
  package internal(set) var separator: Separator?
  package internal(set) var quoting: Quoting?
  /// Whether a row holds a list of items.
  package internal(set) var holdsLists: Bool?
  /// The public log whose columns these are.
  package internal(set) var publicLog: String?
  /// How many files are the log, where there are several.
  package internal(set) var fileCount: Int?
  /// The names of the columns that are not used; empty where the log has no names.
  package internal(set) var unusedColumns: [String]?

  package init(format: LogFormat, hasHeader: Bool, columns: [ColumnRole: Column], columnCount: Int) {
    self.format = format
    self.hasHeader = hasHeader
    self.columns = columns
    self.columnCount = columnCount
  }

  /// How many columns are not used; a damaged record counts any.
  package var unusedCount: Int { max(0, max(0, columnCount) - Set(columns.values.map(\.number)).count) }
}
