extension LogRecognition {
  /// Where the first row of events begins in another file of the same log, and on which line.
  ///
  /// - Parameter window: the first bytes of that file.
  /// - Throws: `LogError.unlikeFiles` where it is written otherwise than the file that was recognized.
  func firstRow(
    in bytes: Span<UInt8>, _ window: Range<Int>, of file: String, like first: String
  ) throws(LogError) -> (start: Int, line: Int) {
    func unlike(_ difference: String) -> LogError { .unlikeFiles(file: file, first: first, difference: difference) }
    let begin = window.first { !Byte.isSpace(bytes[$0]) }
    let separator: Separator
    switch rows {
    case .jsonArray:
      guard let begin, bytes[begin] == Byte.openBracket else { throw unlike("it is no JSON array") }
      return (begin + 1, 1)
    case .jsonLines:
      guard let begin, bytes[begin] == Byte.openBrace || bytes[begin] == Byte.openBracket else {
        throw unlike("its first line is no JSON")
      }
      return (window.lowerBound, 1)
    case .delimited(let byte, _, _), .sequences(let byte): separator = byte
    }
    let preamble = Preamble(bytes, window)
    var quotes = false
    if case .delimited(_, let areQuoted, _) = rows { quotes = areQuoted }
    let parser = DelimitedParser(separator: separator, quotes: quotes)
    var at = preamble.end
    var line = 1 + preamble.lines
    let opening = parser.split(bytes, at..<window.upperBound).columns
    guard let header else {
      if case .delimited = rows, opening.count != plan.layout.columnCount {
        throw unlike("its first row has \(opening.count) columns, not \(plan.layout.columnCount)")
      }
      if ColumnRole.isHeader(opening) { throw unlike("it has a header: \(Self.shown(opening))") }
      return (at, line)
    }
    for _ in 0..<20 where at < window.upperBound {
      let row = parser.split(bytes, at..<window.upperBound)
      (at, line) = (row.next, line + row.lines)
      if row.columns == header { return (at, line) }
    }
    throw unlike("its first row is \(Self.shown(opening)), and the header should be \(Self.shown(header))")
  }

  private static func shown(_ cells: [String]) -> String {
    cells.prefix(12).map { "\"\($0)\"" }.joined(separator: ", ") + (cells.count > 12 ? ", …" : "")
  }
}
