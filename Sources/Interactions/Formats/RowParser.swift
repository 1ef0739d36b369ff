/// Finds the rows of a text, one after another, and the wanted columns in each.
protocol RowParser {
  /// Parses the row that begins at the start of `window`, which ends behind a line (or the file), into `row`.
  ///
  /// - Returns: where the next row begins and how many lines this one took; nil where the row may go on behind the window.
  func parse(_ bytes: Span<UInt8>, _ window: Range<Int>, into row: inout RowFields) -> (next: Int, lines: Int)?
}
