/// The lines of a small file, cut into columns.
struct ListTable {
  struct Row {
    let line: Int
    var cells: [String]
  }

  var rows: [Row] = []

  /// Reads the file at `path`, whose rows should have `wanted` columns; `isWhole` says of a line that it is one id as it
  /// stands.
  init(_ path: String, wanted: Int, isWhole: (String) -> Bool) throws(ListError.Fault) {
    let text = try Self.bytes(path)
    var lines: [(line: Int, text: ArraySlice<UInt8>)] = []
    for (index, line) in text.split(separator: Byte.newline, omittingEmptySubsequences: false).enumerated() {
      let trimmed = Self.trimmed(line)
      if !trimmed.isEmpty { lines.append((index + 1, trimmed)) }
    }
    if lines.isEmpty { throw .empty }
    let candidates = [Byte.tab, UInt8(ascii: ";"), Byte.comma, UInt8(ascii: "|")]
    let whole = lines.map { isWhole(String(decoding: $0.text, as: UTF8.self)) }
    let open = zip(lines, whole).filter { !$0.1 }.map(\.0.text)
    let separator = candidates.first { candidate in
      let widths = Set(open.map { Self.cells($0, candidate)?.count ?? 0 })
      return widths.count == 1 && widths.first! > 1
    }
    // Rows of several widths under a separator show themselves as bad rows, not as ids with separators in them.
    let ragged = candidates.first { candidate in open.contains { (Self.cells($0, candidate)?.count ?? 1) > 1 } }
    for ((line, text), isWhole) in zip(lines, whole) {
      if isWhole {
        rows.append(Row(line: line, cells: [String(decoding: text, as: UTF8.self)]))
        continue
      }
      guard let cells = Self.cells(text, separator ?? ragged ?? Byte.newline) else { throw .openQuote(line: line) }
      rows.append(Row(line: line, cells: cells))
    }
  }

  /// All bytes of the file, without a byte order mark and with line feeds at its line ends.
  private static func bytes(_ path: String) throws(ListError.Fault) -> [UInt8] {
    do {
      let stream = try ByteStream(path)
      var buffer = LineBuffer(stream)
      try buffer.open()
      var text: [UInt8] = []
      while true {
        text.append(contentsOf: buffer.bytes[buffer.start..<buffer.end])
        buffer.start = buffer.end
        if buffer.atEnd { break }
        try buffer.fill()
      }
      if !text.contains(Byte.newline) { text = text.map { $0 == Byte.carriageReturn ? Byte.newline : $0 } }
      return text
    } catch LogError.empty {
      throw .empty
    } catch {
      throw .unreadable(error)
    }
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let last = text.last, Byte.isBlank(last) || last == Byte.carriageReturn { text.removeLast() }
    while let first = text.first, first == Byte.blank { text.removeFirst() }
    return text
  }

  /// The cells of a line, unquoted and without the blanks around them; nil where a quote is left open.
  private static func cells(_ line: ArraySlice<UInt8>, _ separator: UInt8) -> [String]? {
    var cells: [String] = []
    var rest = line
    while true {
      while let first = rest.first, Byte.isBlank(first), first != separator { rest.removeFirst() }
      if rest.first == Byte.quote {
        guard let (cell, behind) = quoted(rest) else { return nil }
        cells.append(cell)
        rest = behind
        while let first = rest.first, Byte.isBlank(first), first != separator { rest.removeFirst() }
        guard let next = rest.first else { return cells }
        guard next == separator else { return nil }
      } else {
        let end = rest.firstIndex(of: separator) ?? rest.endIndex
        cells.append(String(decoding: trimmed(rest[..<end]), as: UTF8.self))
        rest = rest[end...]
      }
      guard !rest.isEmpty else { return cells }
      rest.removeFirst()
    }
  }

  /// The text of the quoted cell at the start of `text`, and what follows it.
  private static func quoted(_ text: ArraySlice<UInt8>) -> (cell: String, rest: ArraySlice<UInt8>)? {
    var bytes: [UInt8] = []
    var at = text.startIndex + 1
    while at < text.endIndex {
      if text[at] == Byte.quote {
        guard at + 1 < text.endIndex, text[at + 1] == Byte.quote else {
          return (String(decoding: bytes, as: UTF8.self), text[(at + 1)...])
        }
        at += 1
      }
      bytes.append(text[at])
      at += 1
    }
    return nil
  }
}
