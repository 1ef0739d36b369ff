/// All rows of a small table as texts: a delimited file, JSON lines or a JSON array, plain or gzip.
///
/// Rows of logs are read batch by batch and never kept; a table of what items are is read whole, by the same parsers.
package struct CellTable: Sendable {
  /// What stands in one column of a row.
  package struct Cell: Sendable, Equatable {
    /// Without quotes, escapes and blanks around it; empty where nothing stands there, or a word for nothing (`NULL`, `nan`).
    package var text: String
    /// The elements of a JSON array.
    package var list: [String]?

    package init(_ text: String, list: [String]? = nil) {
      self.text = text
      self.list = list
    }

    package var isMissing: Bool { list == nil && text.isEmpty }
  }

  package struct Row: Sendable {
    /// On which the row begins, from 1.
    package let line: Int
    package let cells: [Cell]
  }

  /// A row that cannot be used.
  package struct Fault: Codable, Sendable, Equatable {
    package enum Reason: String, Codable, Sendable { case columnCount, quotes, malformedJSON, missingID, repeatedID }

    package let line: Int
    package let reason: Reason

    package init(line: Int, reason: Reason) {
      self.line = line
      self.reason = reason
    }
  }

  /// How the table may be read otherwise than it would be recognized.
  package struct Options: Codable, Sendable, Equatable {
    package var separator: Separator?
    package var hasHeader: Bool?

    package init(separator: Separator? = nil, hasHeader: Bool? = nil) {
      self.separator = separator
      self.hasHeader = hasHeader
    }
  }

  /// The path, or "standard input".
  package let file: String
  package private(set) var format = LogFormat.csv
  /// What stands between columns; nil for JSON.
  package private(set) var separator: Separator?
  /// The first row, where it names the columns, or the names of JSON members.
  package private(set) var names: [String]?
  package private(set) var columnCount = 0
  package private(set) var rows: [Row] = []
  package private(set) var faults: [Fault] = []
  /// Whether the bytes are no UTF-8 and were read as Windows-1252, of which Latin-1 is a part.
  package let isWindows1252: Bool
  /// SHA-256 of the file's content.
  package let fingerprint: String

  /// Reads the table at `path`; `-` is standard input.
  ///
  /// - Parameter isHeader: whether a first row that its values do not tell apart from those below names columns.
  /// - Throws: `LogError` where the file cannot be read or does not say how it is written. There may be no rows.
  package init(
    _ path: String, options: Options = Options(), isHeader: ([String]) -> Bool = { _ in false }
  ) throws(LogError) {
    let stream = try ByteStream(path)
    let content = try TableBytes(stream)
    file = stream.name
    isWindows1252 = content.isWindows1252
    fingerprint = content.fingerprint
    let bytes = content.bytes
    let start = bytes.firstIndex { !Byte.isSpace($0) } ?? 0
    if options.separator == nil, start < bytes.count, bytes[start] == Byte.openBrace || bytes[start] == Byte.openBracket
    {
      try readJSON(bytes, from: start)
    } else {
      try readDelimited(bytes, stream, options, isHeader)
    }
  }

  /// What is left of a cell: nothing where a word says that nothing is there.
  private static func present(_ text: String) -> String {
    let bytes = Array(text.utf8)
    return MissingWords.contains(bytes.span, 0..<bytes.count) ? "" : text
  }
}

extension CellTable {
  private mutating func readDelimited(
    _ bytes: [UInt8], _ stream: ByteStream, _ options: Options, _ isHeader: ([String]) -> Bool
  ) throws(LogError) {
    let span = bytes.span
    let preamble = Preamble(span, 0..<bytes.count)
    let body = preamble.end..<bytes.count
    let firstLine = Byte.excerpt(span, body.lowerBound..<Byte.endOfLine(span, body.lowerBound, body.upperBound))
    var reading = ReadingOptions()
    reading.separator = options.separator ?? preamble.separator
    let sample = LogSample(bytes[body], isWhole: true, carriageReturns: false, of: stream)
    if sample.sections.isEmpty { return }
    let dialect = try DialectRecognition(sample, options: reading, firstLine: firstLine, file: file)
    format = dialect.format
    separator = dialect.reading.separator
    columnCount = dialect.reading.width
    let first = dialect.reading.rows[0]
    let hasHeader =
      options.hasHeader
      ?? (first.count == columnCount
        && (HeaderRecognition.classify(dialect.reading.rows) == .header || isHeader(first)))
    let parser = DelimitedParser(separator: dialect.reading.separator, quotes: dialect.reading.quotes)
    var position = body.lowerBound
    var line = 1 + preamble.lines
    var isFirst = true
    while position < body.upperBound {
      let row = parser.split(span, position..<body.upperBound)
      defer {
        position = row.next
        line += row.lines
      }
      if row.columns == [""] { continue }
      if isFirst, hasHeader {
        (names, columnCount, isFirst) = (row.columns, row.columns.count, false)
        continue
      }
      isFirst = false
      if !row.isSound {
        faults.append(Fault(line: line, reason: .quotes))
      } else if row.columns.count != columnCount {
        faults.append(Fault(line: line, reason: .columnCount))
      } else {
        rows.append(Row(line: line, cells: row.columns.map { Cell(Self.present($0)) }))
      }
    }
  }

  private mutating func readJSON(_ bytes: [UInt8], from start: Int) throws(LogError) {
    let span = bytes.span
    var columns = Catalog()
    var objects: [(line: Int, members: [(Int, Cell)])] = []
    func cell(_ field: RowFields.Field) -> Cell? {
      if field.escape == .object { return nil }
      guard field.escape == .array else {
        let text = Unescaping.bytes(span, field).map { String(decoding: $0, as: UTF8.self) }
        return Cell(Self.present(text ?? ""))
      }
      var list: [String] = []
      elements(field.range, into: &list)
      return Cell("", list: list)
    }
    /// The texts of an array and of the arrays in it, as `[["Toys", "Games"]]` has them.
    func elements(_ range: Range<Int>, depth: Int = 0, into list: inout [String]) {
      var nested: [Range<Int>] = []
      _ = JSONScanner.elements(of: span, range) { element in
        if element.escape == .array, depth < 8 { nested.append(element.range) }
        if let text = Unescaping.bytes(span, element) { list.append(String(decoding: text, as: UTF8.self)) }
      }
      for range in nested { elements(range, depth: depth + 1, into: &list) }
    }
    func take(_ range: Range<Int>, line: Int) {
      var members: [(Int, Cell)] = []
      let isObject = JSONScanner.members(of: span, range) { name, value in
        guard let name = Unescaping.bytes(span, name), let cell = cell(value) else { return }
        members.append((columns.insert(String(decoding: name, as: UTF8.self)), cell))
      }
      if isObject {
        objects.append((line, members))
      } else {
        faults.append(Fault(line: line, reason: .malformedJSON))
      }
    }
    if bytes[start] == Byte.openBracket {
      format = .json
      var line = 1
      var counted = 0
      let isArray = JSONScanner.elements(of: span, start..<bytes.count) { element in
        while counted < element.range.lowerBound {
          if bytes[counted] == Byte.newline { line += 1 }
          counted += 1
        }
        take(element.range, line: line)
      }
      if !isArray { throw .malformedArray(file: file, line: line) }
    } else {
      format = .jsonl
      var (position, line) = (0, 1)
      while position < bytes.count {
        let next = Byte.endOfLine(span, position, bytes.count)
        if (position..<next).contains(where: { !Byte.isSpace(bytes[$0]) }) { take(position..<next, line: line) }
        (position, line) = (next, line + 1)
      }
    }
    names = columns.names.map(\.text)
    columnCount = columns.count
    rows = objects.map { object in
      var cells = [Cell](repeating: Cell(""), count: columns.count)
      for (column, cell) in object.members { cells[column] = cell }
      return Row(line: object.line, cells: cells)
    }
  }
}

extension CellTable.Cell {
  /// The number that the cell is; nil for anything else.
  package var number: Double? {
    let bytes = Array(text.utf8)
    return NumberText.value(bytes.span, 0..<bytes.count)?.value
  }

  /// Forms of dates that tell a date by themselves.
  package static let dateForms = TimeForm.recognized

  /// Days since 1970-01-01 of a date in `form`; nil where it is in another.
  package func days(_ form: TimeForm) -> Double? {
    let bytes = Array(text.utf8)
    return form.microseconds(bytes.span, 0..<bytes.count).map { Double($0) / 86_400e6 }
  }
}
