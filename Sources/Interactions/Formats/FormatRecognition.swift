/// Tells from the first lines of a log how it is written.
struct FormatRecognition {
  private static let sampledRows = 50

  let layout: LogLayout
  /// What stands between columns; nil where lines are JSON objects.
  let separator: Separator?
  /// Where the first row of events begins, and on which line.
  let firstRow: (start: Int, line: Int)

  /// Whether fields may be quoted.
  var quotes: Bool { layout.format == .csv || layout.format == .tsv }

  /// Recognises the log whose first whole lines stand at `window`.
  ///
  /// - Throws: `LogError.unknownFormat`, or an error of the columns.
  init(_ bytes: Span<UInt8>, _ window: Range<Int>, options: ReadingOptions, file: String) throws(LogError) {
    let firstLine = window.lowerBound..<endOfLine(bytes, window.lowerBound, window.upperBound)
    let format = options.format ?? Self.format(bytes, window, firstLine)
    if format == .jsonl {
      let names = Self.memberNames(bytes, window)
      layout = try LogLayout(
        format: .jsonl, names: names, columnCount: names.count, time: nil, selection: options.columns, file: file)
      separator = nil
      firstRow = (window.lowerBound, 1)
      return
    }
    guard let format, let separator = Self.separator(of: format, bytes, window)?.separator else {
      throw .unknownFormat(file: file, firstLine: Self.excerpt(bytes, firstLine))
    }
    let parser = DelimitedParser(separator: separator, quotes: format == .csv || format == .tsv)
    let (rows, second) = Self.sample(parser, bytes, window)
    let count = rows[0].count
    let hasHeader = format == .recbole || (format != .movielens && Self.isHeader(rows))
    let body = rows.dropFirst(hasHeader ? 1 : 0).filter { $0.count == count }
    layout = try LogLayout(
      format: format, names: hasHeader ? rows[0] : nil, columnCount: count,
      time: (2..<max(2, count)).last { column in Self.isTime(body.map { $0[column] }) },
      selection: options.columns, file: file)
    self.separator = separator
    firstRow = hasHeader ? second : (window.lowerBound, 1)
  }

  /// The names of the members of the first objects, in the order of their appearance.
  private static func memberNames(_ bytes: Span<UInt8>, _ window: Range<Int>) -> [String] {
    var names: [String] = []
    var position = window.lowerBound
    for _ in 0..<sampledRows where position < window.upperBound {
      let row = JSONLinesParser.names(bytes, position..<window.upperBound)
      for name in row.names where !names.contains(name) { names.append(name) }
      position = row.next
    }
    return names
  }

  /// The format that the first lines look like; nil where they look like none.
  private static func format(_ bytes: Span<UInt8>, _ window: Range<Int>, _ firstLine: Range<Int>) -> LogFormat? {
    let line = excerpt(bytes, firstLine)
    if line.first == "{" { return .jsonl }
    let typed = line.split(separator: "\t").allSatisfy { name in
      ["token", "float", "token_seq", "float_seq"].contains(name.split(separator: ":").last.map(String.init))
    }
    if typed, line.contains(":") { return .recbole }
    if line.contains("::"), separator(of: .movielens, bytes, window) != nil { return .movielens }
    let candidates = [LogFormat.tsv, .csv] + (line.contains(",") ? [] : [.plain])
    let regular = candidates.first { separator(of: $0, bytes, window)?.isRegular == true }
    return regular ?? candidates.first { separator(of: $0, bytes, window) != nil }
  }

  /// The separator that cuts the first row into at least two columns and, where there is a choice, cuts all rows alike
  /// (`isRegular`).
  private static func separator(
    of format: LogFormat, _ bytes: Span<UInt8>, _ window: Range<Int>
  ) -> (separator: Separator, isRegular: Bool)? {
    let candidates: [Separator] =
      switch format {
      case .csv: [.byte(Byte.comma), .byte(UInt8(ascii: ";")), .byte(UInt8(ascii: "|"))]
      case .tsv, .recbole: [.byte(Byte.tab)]
      case .movielens: [.doubleColon]
      case .plain: [.blanks]
      case .jsonl, .sqlite: []
      }
    var fallback: Separator?
    for candidate in candidates {
      let (rows, _) = sample(DelimitedParser(separator: candidate, quotes: format == .csv), bytes, window)
      guard let first = rows.first, first.count > 1 else { continue }
      if rows.allSatisfy({ $0.count == first.count }) { return (candidate, true) }
      fallback = fallback ?? candidate
    }
    return fallback.map { ($0, false) }
  }

  /// The first rows, and where the second begins.
  private static func sample(
    _ parser: DelimitedParser, _ bytes: Span<UInt8>, _ window: Range<Int>
  ) -> (rows: [[String]], second: (start: Int, line: Int)) {
    var rows: [[String]] = []
    var position = window.lowerBound
    var second = (start: window.upperBound, line: 1)
    while position < window.upperBound, rows.count < sampledRows {
      let row = parser.split(bytes, position..<window.upperBound)
      if row.columns != [""] { rows.append(row.columns) }
      if rows.count == 1, second.line == 1 {
        second.start = row.next
        for at in position..<row.next where bytes[at] == Byte.newline { second.line += 1 }
      }
      position = row.next
    }
    return (rows.isEmpty ? [[""]] : rows, second)
  }

  /// Whether the first row names columns: it holds no number, and either a usual name or a word over numbers.
  private static func isHeader(_ rows: [[String]]) -> Bool {
    let first = rows[0]
    guard first.allSatisfy({ Double($0) == nil }) else { return false }
    if ColumnRole.isHeader(first) { return true }
    let body = rows.dropFirst().filter { $0.count == first.count }
    guard !body.isEmpty else { return false }
    return first.indices.contains { column in
      !first[column].isEmpty && body.allSatisfy { Double($0[column]) != nil || isTime([$0[column]]) }
        && !isTime([first[column]])
    }
  }

  /// Whether all `values` are times after 1973.
  private static func isTime(_ values: [String]) -> Bool {
    var reader = TimeReader()
    return !values.isEmpty
      && values.allSatisfy { value in
        let bytes = Array(value.utf8)
        guard case .time(let time) = reader.read(bytes.span, 0..<bytes.count, line: 1) else { return false }
        return reader.unit == .iso8601 || time >= 100_000_000_000_000
      }
  }

  /// The beginning of a line as a message shows it.
  static func excerpt(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    var shown = range.prefix(200).map { bytes[$0] }
    while let last = shown.last, last == Byte.newline || last == Byte.carriageReturn { shown.removeLast() }
    return String(decoding: shown, as: UTF8.self)
  }
}
