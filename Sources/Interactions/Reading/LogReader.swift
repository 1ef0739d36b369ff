/// Reads a text log, a file or standard input, plain or gzip, batch by batch in bounded memory.
///
/// What is kept grows with the number of different ids, never with the number of rows.
package struct LogReader: EventReader {
  package var assembler: EventAssembler
  package let layout: LogLayout
  private let stream: ByteStream
  private var lines: LineBuffer
  private let separator: Separator?
  private let quotes: Bool

  /// Opens the log at `path` (`-` is standard input) and recognises how it is written.
  ///
  /// - Throws: `LogError`.
  package init(
    _ path: String, options: ReadingOptions = .init(), identifiers: KnownIdentifiers = .init()
  ) throws(LogError) {
    stream = try ByteStream(path)
    var lines = LineBuffer(stream)
    try lines.open()
    let recognised = try FormatRecognition(
      lines.bytes.span, lines.start..<lines.end, options: options, file: stream.name)
    layout = recognised.layout
    separator = recognised.separator
    quotes = recognised.quotes
    lines.start = recognised.firstRow.start
    lines.line = recognised.firstRow.line
    self.lines = lines
    assembler = EventAssembler(file: stream.name, layout: layout, identifiers: identifiers)
  }

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
    if let separator {
      var parser = DelimitedParser(separator: separator, quotes: quotes)
      parser.columnCount = layout.columnCount
      parser.roles = layout.rolePositions
      isWhole = try readRows(parser)
    } else {
      let keys = layout.columns.map { (role: $0.key, name: Array(($0.value.name ?? "").utf8)) }
      isWhole = try readRows(JSONLinesParser(keys: keys))
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
      if let next = Self.behindBlankLine(bytes, start, end) {
        start = next
        line += 1
        continue
      }
      row.line = line
      if let (next, count) = parser.parse(bytes, start..<end, into: &row) {
        start = next
        line += count
      } else if lines.atEnd || end - start > LineBuffer.chunk {
        // The quote was a slip of one line: that line is bad, and reading goes on behind it.
        let next = endOfLine(bytes, start, end)
        row.range = start..<next
        row.problem = (.openQuote, nil)
        start = next
        line += 1
      } else {
        lines.start = start
        lines.line = line
        return false
      }
      try assembler.add(bytes, row)
    }
    lines.start = start
    lines.line = line
    return true
  }

  /// Where the next line begins, if the one at `start` has nothing but a line end.
  private static func behindBlankLine(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    if bytes[start] == Byte.newline { return start + 1 }
    guard bytes[start] == Byte.carriageReturn, start + 1 < end, bytes[start + 1] == Byte.newline else { return nil }
    return start + 2
  }
}
