/// Rows of columns between separators: CSV, TSV, `::`, `.inter` and plain pairs.
///
/// Where fields are quoted, one that begins with a quote ends at the next single quote and may hold separators, line ends
/// and doubled quotes (RFC 4180); a quote elsewhere is text. A carriage return before a line end belongs to the line end,
/// and blanks around a field that is not quoted belong to no field.
///
/// A quote that is left open must not swallow the rows behind it: a row that runs over many lines, whose lines are rows by
/// themselves, or that does not come out with its columns is bad on its first line, and reading resumes on the next.
struct DelimitedParser: RowParser {
  /// How many lines a row may have where nobody said that fields are quoted.
  static let mostLines = 200

  let separator: Separator
  let quotes: Bool
  /// Whether the user said that fields are quoted, so that lines inside of quotes are never taken for rows.
  var quotesAreCertain = false
  /// How many columns a row must have.
  var columnCount = 0
  /// The slot of each column, by column; -1 where nobody wants the column.
  var slots: [Int] = []
  /// The time column, by which a line inside of quotes is known as a row.
  var time: (column: Int, reader: TimeReader)?

  init(separator: Separator, quotes: Bool) {
    self.separator = separator
    self.quotes = quotes
  }

  /// The parser of a table as it was recognized.
  init(_ reading: DialectReading, following plan: LogPlan, quotesAreCertain: Bool) {
    self.init(separator: reading.separator, quotes: reading.quotes)
    self.quotesAreCertain = quotesAreCertain
    columnCount = plan.layout.columnCount
    slots = plan.slots
    if let time = plan.time, let column = plan.layout.columns[.time] {
      self.time = (column.number - 1, TimeReader(time.form, isNamed: time.isNamed))
    }
  }

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
      if column < slots.count, slots[column] >= 0 { row.fields[slots[column]] = field }
      column += 1
      switch ending {
      case .separator: continue
      case .row: break
      case .openQuote:
        if quotesAreCertain || lines <= Self.mostLines { return nil }
        row.problem = (.openQuote, nil)
      case .strayQuote:
        row.problem = (lines > 1 ? .openQuote : .strayQuote, lines > 1 ? nil : column)
        position = Byte.endOfLine(bytes, position, window.upperBound)
      }
      break
    }
    if column != columnCount, row.problem == nil { row.problem = (.columnCount, min(column, columnCount + 1)) }
    if lines > 1, row.problem != nil || hidesRows(bytes, window.lowerBound..<position) {
      position = Byte.endOfLine(bytes, window.lowerBound, window.upperBound)
      lines = 1
      row.problem = (.openQuote, nil)
    }
    row.range = window.lowerBound..<position
    return (position, lines)
  }

  /// All columns of the row at the start of `window`, where the next row begins, and whether its quotes are in order.
  func split(
    _ bytes: Span<UInt8>, _ window: Range<Int>
  ) -> (columns: [String], next: Int, lines: Int, isSound: Bool, isQuoted: Bool) {
    var position = window.lowerBound
    var lines = 1
    var columns: [String] = []
    var isQuoted = false
    if Byte.isOrderMark(bytes, position, window.upperBound) { position += 3 }
    if separator == .blanks { skipBlanks(bytes, &position, window.upperBound) }
    while true {
      var field = RowFields.Field()
      let start = position
      let ending = nextField(bytes, &position, window.upperBound, &lines, into: &field)
      columns.append(String(decoding: Unescaping.bytes(bytes, field) ?? [], as: UTF8.self))
      if field.range.lowerBound > start, bytes[field.range.lowerBound - 1] == Byte.quote { isQuoted = true }
      if ending == .separator { continue }
      if ending == .row { return (columns, position, lines, true, isQuoted) }
      return (columns, Byte.endOfLine(bytes, window.lowerBound, window.upperBound), 1, false, isQuoted)
    }
  }

  /// Whether every line of the row at `range` is a row by itself, so that a quote was left open on the first.
  private func hidesRows(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    if quotesAreCertain { return false }
    var plain = DelimitedParser(separator: separator, quotes: false)
    plain.columnCount = columnCount
    plain.slots = Array(repeating: -1, count: columnCount)
    if let time { plain.slots[time.column] = ColumnRole.time.slot }
    var start = range.lowerBound
    while start < range.upperBound {
      var row = RowFields()
      guard let (next, _) = plain.parse(bytes, start..<range.upperBound, into: &row), row.problem == nil else {
        return false
      }
      if var reader = time?.reader {
        guard case .time = reader.read(bytes, row[.time].range, line: 0) else { return false }
      }
      start = next
    }
    return true
  }

  /// Reads one field and moves `position` behind the separator or the line end that closes it.
  @inline(__always)
  private func nextField(
    _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, _ lines: inout Int, into field: inout RowFields.Field
  ) -> Ending {
    var start = position
    while start < end, bytes[start] == Byte.blank { start += 1 }
    if quotes, start < end, bytes[start] == Byte.quote {
      position = start
      return quotedField(bytes, &position, end, &lines, into: &field)
    }
    let first = separator.first
    var at = start
    while at < end {
      let byte = bytes[at]
      if byte == Byte.newline {
        let text = at > start && bytes[at - 1] == Byte.carriageReturn ? at - 1 : at
        field = RowFields.Field(start..<withoutBlanks(bytes, start, text))
        position = at + 1
        return .row
      }
      if byte == first || (byte == Byte.tab && separator == .blanks) {
        field = RowFields.Field(start..<withoutBlanks(bytes, start, at))
        if let next = behindSeparator(bytes, at, end) {
          position = next
          return separator == .blanks && isLineEnd(bytes, &position, end) ? .row : .separator
        }
      }
      at += 1
    }
    let text = end > start && bytes[end - 1] == Byte.carriageReturn ? end - 1 : end
    field = RowFields.Field(start..<withoutBlanks(bytes, start, text))
    position = end
    return .row
  }

  /// Where the field from `start` to `end` ends without the blanks behind it.
  @inline(__always)
  private func withoutBlanks(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    var end = end
    while end > start, bytes[end - 1] == Byte.blank { end -= 1 }
    return end
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
        if lines > Self.mostLines, !quotesAreCertain { return .openQuote }
      }
      at += 1
    }
    guard at < end else { return .openQuote }
    field = RowFields.Field(start..<at, escape: escape)
    position = at + 1
    if separator != .blanks {
      while position < end, bytes[position] == Byte.blank { position += 1 }
    }
    if isLineEnd(bytes, &position, end) { return .row }
    guard isSeparator(bytes[position]), let next = behindSeparator(bytes, position, end) else { return .strayQuote }
    position = next
    return separator == .blanks && isLineEnd(bytes, &position, end) ? .row : .separator
  }

  private func isSeparator(_ byte: UInt8) -> Bool {
    byte == separator.first || (byte == Byte.tab && separator == .blanks)
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
