/// Reads a text log, a file or standard input, plain or gzip, batch by batch in bounded memory.
///
/// What is kept grows with the number of different ids, never with the number of rows. How the log is written is found
/// once, from a sample; what contradicts it later is a bad row or refused, never read in another way.
package struct LogReader: EventReader {
  package var assembler: EventAssembler
  package let plan: LogPlan
  private let stream: ByteStream
  private var lines: LineBuffer
  private let rows: LogRecognition.Rows
  private let expansion: RowExpansion?

  /// Opens the log at `path` (`-` is standard input) and recognizes how it is written.
  ///
  /// - Throws: `LogError`.
  package init(
    _ path: String, options: ReadingOptions = .init(), identifiers: KnownIdentifiers = .init()
  ) throws(LogError) {
    stream = try ByteStream(path)
    var lines = LineBuffer(stream)
    try lines.open()
    let recognized = try LogRecognition(lines, of: stream, options: options)
    plan = recognized.plan
    rows = recognized.rows
    expansion = recognized.expansion
    if case .jsonArray = rows { try lines.readWithoutLines() }
    lines.start = recognized.firstRow.start
    lines.line = recognized.firstRow.line
    self.lines = lines
    assembler = EventAssembler(file: stream.name, plan: plan, identifiers: identifiers)
  }

  package var layout: LogLayout { plan.layout }

  package var contentFingerprint: String { lines.hash.hexadecimal() }

  package var progress: ReadingProgress {
    ReadingProgress(
      rows: assembler.rows.read, share: stream.size.map { min(1, Double(stream.position) / Double(max(1, $0))) })
  }

  package mutating func readBatch() throws(LogError) -> Bool {
    if lines.start == lines.end {
      if lines.atEnd { return false }
      try lines.fill()
    }
    let isWhole: Bool
    switch rows {
    case .delimited(let separator, let quotes, let quotesAreCertain):
      var parser = DelimitedParser(separator: separator, quotes: quotes)
      parser.quotesAreCertain = quotesAreCertain
      parser.columnCount = layout.columnCount
      parser.slots = plan.slots
      if let time = plan.time, let column = layout.columns[.time] {
        parser.time = (column.number - 1, TimeReader(time.form, isNamed: time.isNamed))
      }
      isWhole = try readRows(parser)
    case .sequences(let separator): isWhole = try readRows(SequenceParser(separator: separator))
    case .jsonLines(let keys): isWhole = try readRows(JSONLinesParser(keys: keys))
    case .jsonArray(let keys): isWhole = try readRows(JSONArrayParser(keys: keys))
    }
    if !isWhole { try lines.fill() }
    return true
  }

  /// Parses the rows of the window; false where the last one goes on behind it and waits for more.
  private mutating func readRows(_ parser: some RowParser) throws(LogError) -> Bool {
    let window = lines.bytes
    let bytes = window.span
    let end = lines.end
    var start = lines.start
    var line = lines.line
    var row = RowFields()
    while start < end {
      let filler = parser.behindFiller(bytes, start, end)
      if filler.next > start {
        (start, line) = (filler.next, line + filler.lines)
        continue
      }
      row.line = line
      if let (next, count) = parser.parse(bytes, start..<end, into: &row) {
        start = next
        line += count
      } else if lines.atEnd || end - start > parser.longestRow {
        if case .jsonArray = rows { throw .malformedArray(file: assembler.file, line: line) }
        // The quote was a slip of one line: that line is bad, and reading resumes behind it.
        let next = Byte.endOfLine(bytes, start, end)
        row.range = start..<next
        row.problem = (.openQuote, nil)
        start = next
        line += 1
      } else {
        lines.start = start
        lines.line = line
        return false
      }
      if let expansion {
        try expansion.events(of: row, bytes) { bytes, row throws(LogError) in try assembler.add(bytes, row) }
      } else {
        try assembler.add(bytes, row)
      }
    }
    lines.start = start
    lines.line = line
    return true
  }
}
