extension DelimitedParser {
  func firstRow(
    of bytes: Span<UInt8>, _ window: Range<Int>, header: [String]?
  ) throws(UnlikeFile) -> (start: Int, line: Int) {
    let preamble = Preamble(bytes, window)
    var at = preamble.end
    var line = 1 + preamble.lines
    let opening = split(bytes, at..<window.upperBound).columns
    guard let header else {
      if columnCount > 0, opening.count != columnCount {
        throw UnlikeFile(difference: "its first row has \(opening.count) columns, not \(columnCount)")
      }
      if ColumnRole.isHeader(opening) { throw UnlikeFile(difference: "it has a header: \(Self.shown(opening))") }
      return (at, line)
    }
    for _ in 0..<20 where at < window.upperBound {
      let row = split(bytes, at..<window.upperBound)
      (at, line) = (row.next, line + row.lines)
      if row.columns == header { return (at, line) }
    }
    throw UnlikeFile(
      difference: "its first row is \(Self.shown(opening)), and the header should be \(Self.shown(header))")
  }

  private static func shown(_ cells: [String]) -> String {
    cells.prefix(12).map { "\"\($0)\"" }.joined(separator: ", ") + (cells.count > 12 ? ", …" : "")
  }
}

extension SequenceParser {
  func firstRow(
    of bytes: Span<UInt8>, _ window: Range<Int>, header: [String]?
  ) throws(UnlikeFile) -> (start: Int, line: Int) {
    try DelimitedParser(separator: separator, quotes: false).firstRow(of: bytes, window, header: header)
  }
}

extension JSONLinesParser {
  func firstRow(
    of bytes: Span<UInt8>, _ window: Range<Int>, header: [String]?
  ) throws(UnlikeFile) -> (start: Int, line: Int) {
    guard let begin = window.first(where: { !Byte.isSpace(bytes[$0]) }),
      bytes[begin] == Byte.openBrace || bytes[begin] == Byte.openBracket
    else { throw UnlikeFile(difference: "its first line is no JSON") }
    return (window.lowerBound, 1)
  }
}

extension JSONArrayParser {
  func firstRow(
    of bytes: Span<UInt8>, _ window: Range<Int>, header: [String]?
  ) throws(UnlikeFile) -> (start: Int, line: Int) {
    guard let begin = window.first(where: { !Byte.isSpace(bytes[$0]) }), bytes[begin] == Byte.openBracket else {
      throw UnlikeFile(difference: "it is no JSON array")
    }
    return (begin + 1, 1)
  }
}
