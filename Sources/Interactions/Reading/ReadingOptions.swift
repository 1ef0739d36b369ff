/// What a person may say about a log; everything left out is recognised.
package struct ReadingOptions: Codable, Sendable, Equatable {
  /// nil: recognised from the first lines.
  package var format: LogFormat?
  package var columns: ColumnSelection
  /// The table of an SQLite database; nil: the only one it has.
  package var table: String?
  /// The greatest share of bad rows that a log may have, from 0 to 1.
  package var maximumBadShare: Double

  package init(
    format: LogFormat? = nil, columns: ColumnSelection = .init(), table: String? = nil, maximumBadShare: Double = 0.01
  ) {
    self.format = format
    self.columns = columns
    self.table = table
    self.maximumBadShare = maximumBadShare
  }
}
