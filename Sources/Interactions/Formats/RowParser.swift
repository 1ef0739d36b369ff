/// Finds the rows of a text, one after another, and the wanted columns in each: what a format of logs is to the reader.
protocol RowParser: Sendable {
  /// Parses the row that begins at the start of `window`, which ends behind a line (or the file), into `row`.
  ///
  /// - Returns: where the next row begins and how many lines this one took; nil where the row may go on behind the window.
  func parse(_ bytes: Span<UInt8>, _ window: Range<Int>, into row: inout RowFields) -> (next: Int, lines: Int)?

  /// Where the next row begins, where something else stands at `start`, and how many lines that took.
  func behindFiller(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> (next: Int, lines: Int)

  /// How many bytes of an unfinished row are waited for.
  var longestRow: Int { get }

  /// Whether a row ends where a line does; if not, an unfinished row is damage of the whole file.
  var rowsAreLines: Bool { get }

  /// Where the first row of events begins in another file of the same log, and on which line.
  ///
  /// - Parameters:
  ///   - window: the first bytes of that file.
  ///   - header: the first row of the file that was recognized, where it is one.
  /// - Throws: `UnlikeFile` where it is written otherwise.
  func firstRow(
    of bytes: Span<UInt8>, _ window: Range<Int>, header: [String]?
  ) throws(UnlikeFile) -> (start: Int, line: Int)

  /// Adds the rows of a window to `assembler`: `LineWindow.readRows`, once for every kind of parser, so that the loop over
  /// rows knows which one it calls.
  func readRows(
    of window: inout LineWindow, _ expansion: RowExpansion?, into assembler: inout EventAssembler
  ) throws(LogError) -> Bool
}

/// What in another file is not as in the one before it: "it has a header: …".
struct UnlikeFile: Error {
  let difference: String
}

extension RowParser {
  var longestRow: Int { LineBuffer.chunk }
  var rowsAreLines: Bool { true }

  func readRows(
    of window: inout LineWindow, _ expansion: RowExpansion?, into assembler: inout EventAssembler
  ) throws(LogError) -> Bool { try window.readRows(self, expansion, into: &assembler) }

  /// Steps over a blank line, and over the byte order mark of a file that was put behind another one.
  @inline(__always)
  func behindFiller(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> (next: Int, lines: Int) {
    let first = bytes[start]
    if first > Byte.blank, first != 0xEF { return (start, 0) }
    if Byte.isOrderMark(bytes, start, end) { return (start + 3, 0) }
    var at = start
    while at < end, bytes[at] == Byte.blank { at += 1 }
    if at < end, bytes[at] == Byte.carriageReturn { at += 1 }
    if at == end { return (end, 0) }
    return bytes[at] == Byte.newline ? (at + 1, 1) : (start, 0)
  }
}
