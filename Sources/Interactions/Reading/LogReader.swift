/// Reads a text log, a file, several files or standard input, plain, gzip or zip, batch by batch in bounded memory.
///
/// What is kept grows with the number of different ids, never with the number of rows. How the log is written is found
/// once, from a sample; what contradicts it later is a bad row or refused, never read in another way.
package struct LogReader: EventReader {
  package var assembler: EventAssembler
  package let plan: LogPlan
  private var stream: ByteStream
  private var lines: LineBuffer
  private let recognition: LogRecognition
  /// The file whose header and columns all others must have.
  private let firstFile: String
  /// The files that are read behind the one at hand.
  private var waiting: ArraySlice<String>
  /// The bytes of all files, and of those that have been read; nil for a pipe.
  private let size: Int?
  private var readSize = 0

  /// Opens the log at `path` and recognizes how it is written: a file, a folder or a pattern of files that are one log in
  /// the order of their names, a zip archive with one table; `-` is standard input.
  ///
  /// - Throws: `LogError`.
  package init(
    _ path: String, options: ReadingOptions = .init(), identifiers: KnownIdentifiers = .init()
  ) throws(LogError) {
    let files = try LogFiles.paths(path)
    size = files.count == 1 ? nil : files.reduce(0) { $0 + (LogFiles.size(of: $1) ?? 0) }
    stream = try ByteStream(files[0])
    var lines = LineBuffer(stream)
    try lines.open()
    var recognized = try LogRecognition(lines, of: stream, options: options)
    recognized = recognized.noting(
      stream.member.map { files[0].hasSuffix("/\($0)") ? [] : ["\($0) of the archive is read"] } ?? [],
      files: files.count)
    recognition = recognized
    plan = recognized.plan
    firstFile = files[0]
    waiting = files.dropFirst()
    if !recognized.parser.rowsAreLines { try lines.readWithoutLines() }
    lines.start = recognized.firstRow.start
    lines.line = recognized.firstRow.line
    self.lines = lines
    assembler = EventAssembler(file: path == "-" ? stream.name : path, plan: plan, identifiers: identifiers)
    if files.count > 1 { assembler.startFile(stream.name) }
  }

  package var layout: LogLayout { plan.layout }

  package var contentFingerprint: String { lines.hash.hexadecimal() }

  package var progress: ReadingProgress {
    ReadingProgress(
      rows: assembler.rows.read,
      share: (size ?? stream.size).map { min(1, Double(readSize + stream.position) / Double(max(1, $0))) })
  }

  /// Opens the next file of the log, which must be written as the first one is; false where there is none.
  private mutating func openNext() throws(LogError) -> Bool {
    guard let path = waiting.popFirst() else { return false }
    readSize += stream.size ?? 0
    stream = try ByteStream(path)
    var lines = LineBuffer(stream, continuing: self.lines.hash)
    try lines.open()
    let window = lines.start..<lines.end
    let row: (start: Int, line: Int)
    do {
      row = try recognition.parser.firstRow(of: lines.bytes.span, window, header: recognition.header)
    } catch {
      throw .unlikeFiles(file: path, first: firstFile, difference: error.difference)
    }
    if !recognition.parser.rowsAreLines { try lines.readWithoutLines() }
    (lines.start, lines.line) = row
    self.lines = lines
    assembler.startFile(path)
    return true
  }

  package mutating func readBatch() throws(LogError) -> Bool {
    if lines.start == lines.end {
      if !lines.atEnd {
        try lines.fill()
      } else if try !openNext() {
        return false
      }
    }
    let isWhole = try recognition.parser.readRows(of: &self)
    if !isWhole { try lines.fill() }
    return true
  }

  /// Parses the rows of the window; false where the last one goes on behind it and waits for more.
  mutating func readRows(_ parser: some RowParser) throws(LogError) -> Bool {
    let window = lines.bytes
    let bytes = window.span
    let end = lines.end
    var start = lines.start
    var line = lines.line
    let expansion = recognition.expansion
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
        if !parser.rowsAreLines { throw .malformedArray(file: assembler.file, line: line) }
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
