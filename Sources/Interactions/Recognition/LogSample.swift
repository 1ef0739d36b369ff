/// What of a log is looked at before it is read: its head, and of a file also its middle and its tail.
struct LogSample {
  /// Whole lines of the log, with line feeds at their ends; the first section begins where the log does.
  let sections: [[UInt8]]

  private static let headBytes = 256 << 10
  private static let sectionBytes = 64 << 10

  /// - Parameters:
  ///   - window: the first bytes of the log, whole lines.
  ///   - stream: where more of it can be had.
  init(_ window: ArraySlice<UInt8>, isWhole: Bool, carriageReturns: Bool, of stream: ByteStream) {
    let head = Self.head(window, Self.headBytes)
    var sections = [Array(head)]
    let rest = window[head.endIndex...]
    if rest.count > Self.sectionBytes {
      sections.append(Self.inner(Array(rest.suffix(Self.sectionBytes)), untilEnd: true))
    }
    if !isWhole, let size = stream.plainSize {
      for start in [size / 2, size - Self.sectionBytes] where start > window.count {
        var bytes = ByteStream.section(of: stream.path, at: start, count: Self.sectionBytes)
        if carriageReturns { bytes = bytes.map { $0 == Byte.carriageReturn ? Byte.newline : $0 } }
        sections.append(Self.inner(bytes, untilEnd: start + Self.sectionBytes >= size))
      }
    }
    self.sections = sections.filter { !$0.isEmpty }
  }

  /// Whether one of the first lines holds `separator`.
  func holds(_ separator: Separator) -> Bool {
    let lines = sections[0].prefix(16 << 10).split(separator: Byte.newline, maxSplits: 20)
    return lines.prefix(20).contains { line in
      switch separator {
      case .byte(let byte): line.contains(byte)
      case .doubleColon: zip(line, line.dropFirst()).contains { $0 == Byte.colon && $1 == Byte.colon }
      case .blanks: line.contains(where: Byte.isBlank)
      }
    }
  }

  var holdsQuotes: Bool { sections.contains { $0.contains(Byte.quote) } }

  /// The first whole lines of `bytes`, about `count` bytes.
  private static func head(_ bytes: ArraySlice<UInt8>, _ count: Int) -> ArraySlice<UInt8> {
    guard bytes.count > count else { return bytes }
    let start = bytes.startIndex
    let end = bytes[..<(start + count)].lastIndex(of: Byte.newline) ?? bytes[start...].firstIndex(of: Byte.newline)
    return end.map { bytes[...$0] } ?? bytes
  }

  /// The whole lines in a piece from inside of the log.
  private static func inner(_ bytes: [UInt8], untilEnd: Bool) -> [UInt8] {
    guard let first = bytes.firstIndex(of: Byte.newline) else { return [] }
    let end = untilEnd ? bytes.count - 1 : bytes.lastIndex(of: Byte.newline) ?? first
    return end > first ? Array(bytes[(first + 1)...end]) : []
  }
}

/// How the sample reads with one separator and one way of quoting.
struct DialectReading {
  private static let mostCells = 40_000
  private static let mostRows = 2_000

  let separator: Separator
  let quotes: Bool
  /// The sampled rows, those of the head first.
  private(set) var rows: [[String]] = []
  /// How many of `rows` come from the head.
  private(set) var headRows = 0
  /// Where the first rows begin, and on which line of the sample.
  private(set) var starts: [(start: Int, line: Int)] = []
  /// Rows whose quotes are not in order.
  private(set) var unsound = 0
  /// Rows with a field in quotes.
  private(set) var quoted = 0
  /// How many columns most rows have; the first one counts for itself.
  private(set) var width = 0
  /// The share of the rows that have them.
  private(set) var share = 0.0

  init(_ sample: LogSample, separator: Separator, quotes: Bool) {
    self.separator = separator
    self.quotes = quotes
    let parser = DelimitedParser(separator: separator, quotes: quotes)
    for (index, section) in sample.sections.enumerated() {
      let most = index == 0 ? Self.mostRows / 2 : Self.mostRows / 2 / max(1, sample.sections.count - 1)
      read(section, parser, most: most)
      if index == 0 { headRows = rows.count }
    }
    var widths: [Int: Int] = [:]
    for row in rows { widths[row.count, default: 0] += 1 }
    let best = widths.max { ($0.value, $0.key) < ($1.value, $1.key) }
    width = best?.key ?? 0
    share = Double(max(0, (best?.value ?? 0) - unsound)) / Double(max(1, rows.count))
  }

  private mutating func read(_ section: [UInt8], _ parser: DelimitedParser, most: Int) {
    let bytes = section.span
    var position = 0
    var count = 0
    var line = 1
    while position < section.count, count < most, count * max(1, rows.last?.count ?? 1) < Self.mostCells {
      let row = parser.split(bytes, position..<section.count)
      let start = (start: position, line: line)
      // A row over several lines that are rows by themselves hides a quote left open.
      let isHiding = row.lines > 1 && Self.linesAreRows(bytes, position..<row.next, separator, row.columns.count)
      position = row.next
      line += row.lines
      if row.columns == [""] { continue }
      if starts.count == rows.count, starts.count < 20 { starts.append(start) }
      rows.append(row.columns)
      count += 1
      if !row.isSound || isHiding { unsound += 1 }
      if row.isQuoted { quoted += 1 }
    }
  }

  private static func linesAreRows(_ bytes: Span<UInt8>, _ range: Range<Int>, _ separator: Separator, _ width: Int)
    -> Bool
  {
    let plain = DelimitedParser(separator: separator, quotes: false)
    var start = range.lowerBound
    while start < range.upperBound {
      let row = plain.split(bytes, start..<range.upperBound)
      if row.columns.count != width { return false }
      start = row.next
    }
    return true
  }

  /// Whether a column holds nothing but other separators.
  var holdsSeparatorsAlone: Bool {
    let body = rows.filter { $0.count == width }
    return !body.isEmpty
      && (0..<width).contains { column in body.allSatisfy { [",", ";", "|", "::"].contains($0[column]) } }
  }

  /// Whether rows are an id and a list of ids between `separator`.
  func isUserAndList(cutAt separator: Separator) -> Bool {
    guard width == 2, case .byte(let byte) = separator else { return false }
    let body = rows.dropFirst().filter { $0.count == 2 }
    return body.count >= 2 && !body.contains { $0[0].utf8.contains(byte) }
      && ColumnProfile(body.map { Array($0[1].utf8) }).isPlainList(byte)
  }

  /// Whether the first row is as wide as most.
  var firstRowFits: Bool { rows.first?.count == width }

  /// How many columns hold nothing but numbers or times below the first row.
  var typedColumns: Int {
    let body = rows.dropFirst().filter { $0.count == width }
    if body.isEmpty { return 0 }
    return (0..<width).count { column in
      body.allSatisfy { row in
        let cell = Array(row[column].utf8)
        return NumberText.value(cell.span, 0..<cell.count) != nil
          || TimeForm.possible(cell.span, 0..<cell.count).contains { $0.microseconds(cell.span, 0..<cell.count) != nil }
      }
    }
  }

  /// How many columns hold nothing that another separator would cut; a decimal comma cuts nothing.
  func soundColumns(besides others: [Separator]) -> Int {
    let body = rows.dropFirst().filter { $0.count == width }
    let sample = body.isEmpty ? rows.filter { $0.count == width } : body
    return (0..<width).count { column in
      sample.allSatisfy { row in
        let cell = Array(row[column].utf8)
        let range = 0..<cell.count
        if NumberText.value(cell.span, range) != nil { return true }
        if TimeForm.possible(cell.span, range).contains(where: { $0.microseconds(cell.span, range) != nil }) {
          return true
        }
        return !others.contains { Self.cuts($0, cell) }
      }
    }
  }

  private static func cuts(_ separator: Separator, _ cell: [UInt8]) -> Bool {
    switch separator {
    case .byte(let byte): cell.contains(byte)
    case .doubleColon: zip(cell, cell.dropFirst()).contains { $0 == Byte.colon && $1 == Byte.colon }
    case .blanks: cell.contains(where: Byte.isBlank)
    }
  }
}
