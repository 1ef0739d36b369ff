/// A log that cannot be read as requested.
package enum LogError: Error, Equatable {
  // The file
  /// The system refused to open or read the file.
  case unreadable(file: String, reason: String)
  /// A signal told the process to stop while it waited for more of a pipe.
  case stopped(file: String)
  case missing(file: String)
  /// A folder without files.
  case directory(file: String)
  case empty(file: String)
  /// The file is something else than text: an archive, a database, an image.
  case notText(file: String, found: String, remedy: String)
  /// The file is text in which events stand otherwise than one per row.
  case otherShape(file: String, found: String, remedy: String)
  /// A byte that is not UTF-8; `line` and `byte` count from 1.
  case notUTF8(file: String, line: Int, byte: Int, value: UInt8)
  case lineTooLong(file: String, line: Int)
  case damagedGzip(file: String, reason: String)
  case damagedZip(file: String, reason: String)
  /// A pattern that no file fits.
  case noFiles(pattern: String)
  /// The temporary file that counts repeated rows could not be written or read.
  case temporaryFile(reason: String)

  // How it is written
  case unknownFormat(file: String, firstLine: String)
  case notJSON(file: String, firstLine: String)
  case malformedArray(file: String, line: Int)
  case ambiguousSeparator(file: String, separators: [Separator])
  case openHeader(file: String, firstLine: String)
  case headerWidth(file: String, header: Int, rows: Int)
  /// Lines may be sequences or rows; `isNumbered`: every line begins with another id.
  case openSequences(file: String, separator: Separator, width: Int?)
  /// Ids stand in quotes, although other quotes are not in order.
  case openQuoting(file: String, column: String, example: String)

  /// Ids stand in single quotes.
  case singleQuotes(file: String, column: String, example: String)

  // What its columns mean
  case noColumn(file: String, roles: [ColumnRole], known: [String], suggestion: String)
  case sameColumn(file: String, column: String)
  case severalColumns(file: String, role: ColumnRole, columns: [String], options: [String])
  case contradiction(file: String, role: ColumnRole, column: String, found: String, advice: String)
  case unknownColumn(file: String, role: ColumnRole, requested: String, known: [String])
  case unknownFilterColumn(file: String, requested: String, known: [String])
  case badColumns(text: String, reason: String)
  case badCondition(text: String, reason: String)
  /// Numbers that are compared may have thousands or decimals behind their commas.
  case openDecimal(file: String, column: String, example: String)
  case unknownKinds(file: String, requested: [String], known: [String])

  // Its times
  case openDayMonth(file: String, column: String, example: String)
  case unknownTimes(file: String, column: String, example: String, found: String, advice: String)
  case mixedTimes(file: String, line: Int, text: String, form: TimeForm, expected: TimeForm, earlierLine: Int)
  /// Sessions were requested, and the log has no times.
  case noTimes
  case differentFolds(first: String, second: String)
  case emptyWindow(window: String, first: String, last: String)

  // Its rows
  case noRows(file: String)
  case tooManyBadRows(
    file: String, rows: RowStatistics, allowed: Double, first: BadRow, missingWords: [String: Int])
  /// Files that shall be one log and are not written alike.
  case unlikeFiles(file: String, first: String, difference: String)
}

extension LogError {
  /// The same error so many lines further down in its file, where it was found by reading bytes.
  func moved(by lines: Int) -> LogError {
    switch self {
    case .notUTF8(let file, let line, let byte, let value):
      .notUTF8(file: file, line: line + lines, byte: byte, value: value)
    case .lineTooLong(let file, let line): .lineTooLong(file: file, line: line + lines)
    default: self
    }
  }
}
