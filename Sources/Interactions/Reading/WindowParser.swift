import Dispatch
import Synchronization

extension LineWindow {
  /// Parses the rows of the window; false where the last one goes on behind it and waits for more.
  mutating func readRows(
    _ parser: some RowParser, _ expansion: RowExpansion?, into assembler: inout EventAssembler
  ) throws(LogError) -> Bool {
    let text = self.bytes
    let bytes = text.span
    var (start, line) = (start, line)
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
      } else if atEnd || end - start > parser.longestRow {
        if !parser.rowsAreLines { throw .malformedArray(file: assembler.file, line: line) }
        // The quote was a slip of one line: that line is bad, and reading resumes behind it.
        let next = Byte.endOfLine(bytes, start, end)
        row.range = start..<next
        row.problem = (.openQuote, nil)
        start = next
        line += 1
      } else {
        (self.start, self.line) = (start, line)
        return false
      }
      if let expansion {
        try expansion.events(of: row, bytes) { bytes, row throws(LogError) in try assembler.add(bytes, row) }
      } else {
        try assembler.add(bytes, row)
      }
    }
    (self.start, self.line) = (start, line)
    return true
  }
}

/// What the rows of a window came to, with ids numbered by the parser of the window.
struct ParsedRows: Sendable {
  var events: EventBatch
  var badRows: [BadRow]
  var rows: RowStatistics
  var missingWords: MissingWordCounts
  /// By kind that was requested, how many rows had it.
  var kindCounts: [Int]
  /// The first line with a time; 0 for none.
  var firstTimeLine: Int
  /// How many lines the window has.
  var lines = 0
  /// Whether the parser numbers ids from 0 since this window.
  var isRenumbered = false
  /// Ids that the parser had not seen.
  var users: IdentifierTable.Names
  var items: IdentifierTable.Names
  var groups: IdentifierTable.Names
}

/// By a parser's numbers of ids, those of the log.
struct IdentifierNumbers: Sendable {
  var users: [Int32] = []
  var items: [Int32] = []
  var groups: [Int32] = []
}

/// Parses windows in threads of the system, one after another.
///
/// It numbers ids by itself, so that nothing waits for the windows before; whoever numbers those of the log sees each id of a
/// parser once, and its number many times.
final class WindowParser: Sendable {
  private struct State: Sendable {
    var assembler: EventAssembler?
    /// nil where the window cannot be parsed by itself.
    var rows: ParsedRows?
  }

  /// Ids that are remembered: some 10 MB.
  private static let mostIDs = 1 << 17
  private let state = Mutex(State())
  private let work = DispatchGroup()

  /// Begins to parse a window of `file`; to be followed by `end`.
  ///
  /// - Parameter log: what the rows are for.
  func begin(
    _ window: LineWindow, of file: String, _ parser: any RowParser, _ expansion: RowExpansion?, for log: EventAssembler
  ) {
    let isRenumbered = state.withLock { state in
      if let known = state.assembler, known.idCount < Self.mostIDs { return false }
      state.assembler = log.forParsing()
      return true
    }
    DispatchQueue.global().async(group: work) { [self] in
      state.withLock { state in
        state.rows = nil
        var window = window
        let line = window.line
        state.assembler!.startFile(file)
        guard (try? parser.readRows(of: &window, expansion, into: &state.assembler!)) == true else { return }
        state.rows = state.assembler!.takeRows()
        state.rows!.lines = window.line - line
        state.rows!.isRenumbered = isRenumbered
      }
    }
  }

  /// Waits for the rows of the window; nil where it cannot be parsed by itself, or its rows end the reading.
  func end() -> ParsedRows? {
    work.wait()
    return state.withLock { state in
      defer { state.rows = nil }
      return state.rows
    }
  }
}
