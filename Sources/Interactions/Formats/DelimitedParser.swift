/// Rows of columns between separators: CSV, TSV, `::`, `.inter` and plain pairs.
///
/// A field that begins with a quote ends at the next single quote and may hold separators, line ends and doubled quotes
/// (RFC 4180); a quote elsewhere is text. A carriage return before a line end belongs to the line end.
struct DelimitedParser: RowParser {
  let separator: Separator
  let quotes: Bool
  /// How many columns a row must have.
  var columnCount = 0
  /// The position of each column's role, by column; -1 where nobody wants the column.
  var roles: [Int] = []

  private enum Ending { case separator, row, openQuote, strayQuote }

  func parse(_ bytes: Span<UInt8>, _ window: Range<Int>, into row: inout RowFields) -> (next: Int, lines: Int)? {
    var position = window.lowerBound
    var lines = 1
    var column = 0
    row.problem = nil
    if separator == .blanks { skipBlanks(bytes, &position, window.upperBound) }
    while true {
      var field = RowFields.Field()
      let ending = nextField(bytes, &position, window.upperBound, &lines, into: &field)
      if column < roles.count, roles[column] >= 0 { row.fields[roles[column]] = field }
      column += 1
      switch ending {
      case .separator: continue
      case .row: break
      case .openQuote: return nil
      case .strayQuote:
        row.problem = (.strayQuote, column)
        position = endOfLine(bytes, position, window.upperBound)
      }
      break
    }
    if column != columnCount, row.problem == nil { row.problem = (.columnCount, min(column, columnCount + 1)) }
    row.range = window.lowerBound..<position
    return (position, lines)
  }

  /// All columns of the row at the start of `window`, and where the next row begins.
  func split(_ bytes: Span<UInt8>, _ window: Range<Int>) -> (columns: [String], next: Int) {
    var position = window.lowerBound
    var lines = 0
    var columns: [String] = []
    if separator == .blanks { skipBlanks(bytes, &position, window.upperBound) }
    while true {
      var field = RowFields.Field()
      let ending = nextField(bytes, &position, window.upperBound, &lines, into: &field)
      columns.append(String(decoding: field.range.map { bytes[$0] }, as: UTF8.self))
      if field.escape == .doubledQuotes { columns[columns.count - 1].collapseDoubledQuotes() }
      if ending == .separator { continue }
      return (columns, ending == .row ? position : endOfLine(bytes, position, window.upperBound))
    }
  }

  /// Reads one field and moves `position` behind the separator or the line end that closes it.
  @inline(__always)
  private func nextField(
    _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, _ lines: inout Int, into field: inout RowFields.Field
  ) -> Ending {
    let start = position
    if quotes, start < end, bytes[start] == Byte.quote {
      return quotedField(bytes, &position, end, &lines, into: &field)
    }
    let first = separator.first
    var at = start
    while at < end {
      let byte = bytes[at]
      if byte == Byte.newline {
        let text = at > start && bytes[at - 1] == Byte.carriageReturn ? at - 1 : at
        field = RowFields.Field(start..<text)
        position = at + 1
        return .row
      }
      if byte == first || (byte == Byte.tab && separator == .blanks) {
        field = RowFields.Field(start..<at)
        if let next = behindSeparator(bytes, at, end) {
          position = next
          return separator == .blanks && isLineEnd(bytes, &position, end) ? .row : .separator
        }
      }
      at += 1
    }
    field = RowFields.Field(start..<(end > start && bytes[end - 1] == Byte.carriageReturn ? end - 1 : end))
    position = end
    return .row
  }

  private func quotedField(
    _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, _ lines: inout Int, into field: inout RowFields.Field
  ) -> Ending {
    let start = position + 1
    var at = start
    var escape = RowFields.Escape.none
    while at < end {
      if bytes[at] == Byte.quote {
        guard at + 1 < end, bytes[at + 1] == Byte.quote else { break }
        escape = .doubledQuotes
        at += 1
      } else if bytes[at] == Byte.newline {
        lines += 1
      }
      at += 1
    }
    guard at < end else { return .openQuote }
    field = RowFields.Field(start..<at, escape: escape)
    position = at + 1
    if isLineEnd(bytes, &position, end) { return .row }
    guard bytes[position] == separator.first, let next = behindSeparator(bytes, position, end) else {
      return .strayQuote
    }
    position = next
    return .separator
  }

  /// Where the next field begins, given the first byte of a separator at `at`; nil where it is none.
  @inline(__always)
  private func behindSeparator(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Int? {
    switch separator {
    case .byte: return at + 1
    case .doubleColon: return at + 1 < end && bytes[at + 1] == Byte.colon ? at + 2 : nil
    case .blanks:
      var next = at
      skipBlanks(bytes, &next, end)
      return next
    }
  }

  private func skipBlanks(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) {
    while position < end, Byte.isBlank(bytes[position]) { position += 1 }
  }

  /// Moves `position` behind a line end or the end of the text where it stands at one.
  private func isLineEnd(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Bool {
    if position == end { return true }
    let newline = bytes[position] == Byte.carriageReturn && position + 1 < end ? position + 1 : position
    guard bytes[newline] == Byte.newline else { return false }
    position = newline + 1
    return true
  }
}

/// Behind the line end that follows `position`, or `end`.
func endOfLine(_ bytes: Span<UInt8>, _ position: Int, _ end: Int) -> Int {
  var at = position
  while at < end, bytes[at] != Byte.newline { at += 1 }
  return min(at + 1, end)
}

extension String {
  fileprivate mutating func collapseDoubledQuotes() {
    self = split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"")
  }
}
