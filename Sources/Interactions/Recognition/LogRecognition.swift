/// Finds from a sample of a log how it is written and what its columns mean.
struct LogRecognition {
  private(set) var plan: LogPlan
  /// Finds the rows.
  let parser: any RowParser
  /// The names of the columns as the first row has them; nil where there is no such row.
  let header: [String]?
  /// For rows that hold lists of items.
  let expansion: RowExpansion?
  /// Where the first row of events begins, in the window, and on which line.
  let firstRow: (start: Int, line: Int)

  /// Recognizes the log whose first bytes `lines` has.
  ///
  /// - Throws: `LogError`.
  init(_ lines: LineBuffer, of stream: ByteStream, options: ReadingOptions) throws(LogError) {
    let file = stream.name
    let window = lines.start..<lines.end
    let bytes = lines.bytes.span
    if options.format == nil || options.format == .jsonl {
      try OtherShape.refuse(bytes, window, file: file)
      if let json = try JSONRecognition(
        bytes, window, sample: Self.sample(lines, window, stream), options: options, file: file)
      {
        (plan, parser, expansion, header) = (json.plan, json.parser, json.expansion, nil)
        firstRow = (json.start, 1)
        return
      }
    }
    let preamble = Preamble(bytes, window)
    var options = options
    if options.separator == nil { options.separator = preamble.separator }
    let body = preamble.end..<window.upperBound
    let firstLine = Byte.excerpt(bytes, body.lowerBound..<Byte.endOfLine(bytes, body.lowerBound, body.upperBound))
    let sample = Self.sample(lines, body, stream)
    if sample.sections.isEmpty { throw .noRows(file: file) }
    let dialect = try DialectRecognition(sample, options: options, firstLine: firstLine, file: file)
    if let found = try SequenceEvidence(dialect, options: options, file: file) {
      let separator = found.separator
      plan = try found.plan(options: options, file: file)
      parser = SequenceParser(separator: separator)
      header = found.hasHeader ? dialect.reading.rows[0] : nil
      expansion = RowExpansion(
        style: .text(separators: separator == .blanks ? [Byte.blank, Byte.tab] : [separator.first]))
      let skipped = found.hasHeader ? dialect.reading.starts[1] : (start: 0, line: 1)
      firstRow = (body.lowerBound + skipped.start, preamble.lines + skipped.line)
      return
    }
    let table = try TableRecognition(dialect, options: options, file: file)
    plan = table.plan
    parser = DelimitedParser(dialect.reading, following: plan, quotesAreCertain: options.quoting == .double)
    expansion = table.expansion
    header = table.names
    firstRow =
      table.skipsFirst
      ? (
        body.lowerBound + dialect.reading.starts[table.skippedRows].start,
        preamble.lines + dialect.reading.starts[table.skippedRows].line
      )
      : (body.lowerBound, 1 + preamble.lines)
  }

  /// The same recognition with notes and the number of files added to its plan.
  func noting(_ notes: [String], files: Int) -> LogRecognition {
    var recognition = self
    recognition.plan.notes += notes
    recognition.plan.layout.fileCount = files > 1 ? files : nil
    return recognition
  }

  private static func sample(_ lines: LineBuffer, _ window: Range<Int>, _ stream: ByteStream) -> LogSample {
    LogSample(lines.bytes[window], isWhole: lines.atEnd, carriageReturns: lines.endsWithCarriageReturns, of: stream)
  }
}

/// Lines before the log itself: Excel's `sep=;`, and comments that begin with `#` or `%`.
struct Preamble {
  /// What `sep=` names.
  private(set) var separator: Separator?
  /// Where the log begins.
  private(set) var end: Int
  private(set) var lines = 0

  init(_ bytes: Span<UInt8>, _ window: Range<Int>) {
    end = window.lowerBound
    while end < window.upperBound {
      let next = Byte.endOfLine(bytes, end, window.upperBound)
      let text = Byte.excerpt(bytes, end..<next)
      if lines == 0, text.lowercased().hasPrefix("sep="), text.utf8.count <= 6 {
        separator =
          Separator(rawValue: String(text.dropFirst(4))) ?? (text.utf8.count == 5 && text.hasSuffix("\t") ? .tab : nil)
      } else if text.isEmpty && lines > 0 || Self.isComment(text) {
        // Nothing of it is a row.
      } else {
        return
      }
      end = next
      lines += 1
    }
  }

  /// Whether the line is a comment and not a header with a mark before it.
  private static func isComment(_ text: String) -> Bool {
    guard let mark = text.first, mark == "#" || mark == "%" else { return false }
    let names = text.dropFirst().split { ",;|\t ".contains($0) }.map(String.init)
    return
      !(names.count > 1 && ColumnRole.user.position(in: names) != nil && ColumnRole.item.position(in: names) != nil)
  }
}
