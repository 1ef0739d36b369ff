import Foundation

/// Reads a text log, a file, several files or standard input, plain, gzip or zip, batch by batch in bounded memory.
///
/// What is kept grows with the number of different ids, never with the number of rows. How the log is written is found
/// once, from a sample; what contradicts it later is a bad row or refused, never read in another way.
///
/// Files are parsed by several threads, a window of whole lines each; their rows are numbered and counted in order. A window
/// begins where the one before it ends, as long as no row goes on behind it: a window that cannot be parsed by itself is
/// parsed once more, and its file is read on, by the one thread that knows what came before. Batches, ids and errors are
/// therefore the same for any number of threads.
package struct LogReader: EventReader {
  package var assembler: EventAssembler
  package let plan: LogPlan
  private let recognition: LogRecognition
  /// The file whose header and columns all others must have.
  private let firstFile: String
  private let hasSeveralFiles: Bool
  private let chunk: Int
  /// The bytes of all files; nil for a pipe.
  private let size: Int?
  /// Where bytes are read.
  private var place: ReadingPlace
  /// Windows that are being parsed, in order.
  private var ahead: [WindowAhead] = []
  /// The threads' parsers; none where one thread reads.
  private var parsers: [NumberedParser]
  private var begun = 0
  /// What ended reading ahead, and whether it counts lines from those of the last window on.
  private var failure: (error: LogError, isBehindWindow: Bool)?
  /// The line behind the windows that were added.
  private var line = 1
  /// The bytes of the files that have become batches.
  private var readSize: Int

  /// Threads that parse: with more, numbering ids in order takes as long as they do.
  package static let mostThreads = 8

  /// Opens the log at `path` and recognizes how it is written: a file, a folder or a pattern of files that are one log in
  /// the order of their names, a zip archive with one table; `-` is standard input.
  ///
  /// - Parameters:
  ///   - threads: how many parse; nil for as many as there are processors. What is read does not depend on it.
  ///   - chunk: how many bytes are read at a time; nil for a megabyte.
  /// - Throws: `LogError`.
  package init(
    _ path: String, options: ReadingOptions = .init(), identifiers: KnownIdentifiers = .init(), threads: Int? = nil,
    chunk: Int? = nil
  ) throws(LogError) {
    let files = try LogFiles.paths(path)
    hasSeveralFiles = files.count > 1
    let stream = try ByteStream(files[0])
    self.chunk = chunk ?? LineBuffer.chunk
    var lines = LineBuffer(stream, chunk: self.chunk)
    try lines.open()
    var recognized = try LogRecognition(lines, of: stream, options: options)
    recognized = recognized.noting(
      stream.member.map { files[0].hasSuffix("/\($0)") ? [] : ["\($0) of the archive is read"] } ?? [],
      files: files.count)
    recognition = recognized
    plan = recognized.plan
    firstFile = files[0]
    if !recognized.parser.rowsAreLines { try lines.readWithoutLines() }
    lines.start = recognized.firstRow.start
    lines.line = recognized.firstRow.line
    place = ReadingPlace(lines, waiting: files.dropFirst(), rowsAreLines: recognized.parser.rowsAreLines)
    readSize = place.position
    size = files.count == 1 ? stream.size : files.reduce(0) { $0 + (LogFiles.size(of: $1) ?? 0) }
    assembler = EventAssembler(file: path == "-" ? stream.name : path, plan: plan, identifiers: identifiers)
    let count = min(threads ?? ProcessInfo.processInfo.activeProcessorCount, Self.mostThreads)
    parsers = count > 1 ? (0..<count).map { _ in NumberedParser() } : []
  }

  package var layout: LogLayout { plan.layout }

  package var contentFingerprint: String { place.lines.hash.hexadecimal() }

  package var progress: ReadingProgress {
    ReadingProgress(
      rows: assembler.rows.read,
      share: size.map { min(1, Double(readSize) / Double(max(1, $0))) })
  }

  package mutating func readBatch() throws(LogError) -> Bool {
    if parsers.count > 1 { readAhead() }
    if !ahead.isEmpty {
      try add(ahead.removeFirst())
      return true
    }
    if let (error, isBehindWindow) = failure {
      throw isBehindWindow ? error.moved(by: line - place.lines.line) : error
    }
    if place.lines.start == place.lines.end {
      if !place.lines.atEnd {
        try place.lines.fill()
      } else if try !openNext() {
        return false
      }
    }
    if place.isAtStart { assembler.startFile(part(place)) }
    place.isAtStart = false
    try readRows()
    return true
  }

  /// The file that is read, as its bad rows name it.
  private func part(_ place: ReadingPlace) -> String {
    hasSeveralFiles ? place.lines.stream.name : assembler.file
  }

  /// Parses the rows of the window at hand by this thread.
  private mutating func readRows() throws(LogError) {
    if try !parse() { try place.lines.fill() }
    readSize = place.position
  }

  private mutating func parse() throws(LogError) -> Bool {
    var window = place.lines.window
    let isWhole = try recognition.parser.readRows(of: &window, recognition.expansion, into: &assembler)
    (place.lines.start, place.lines.line) = (window.start, window.line)
    return isWhole
  }

  /// Opens the next file of the log, which must be written as the first one is; false where there is none.
  private mutating func openNext() throws(LogError) -> Bool {
    guard let path = place.waiting.first else { return false }
    let stream = try ByteStream(path)
    var lines = LineBuffer(stream, continuing: place.lines.hash, chunk: chunk)
    try lines.open()
    let row: (start: Int, line: Int)
    do {
      row = try recognition.parser.firstRow(
        of: lines.bytes.span, lines.start..<lines.end, header: recognition.header)
    } catch {
      throw .unlikeFiles(file: path, first: firstFile, difference: error.difference)
    }
    if !recognition.parser.rowsAreLines { try lines.readWithoutLines() }
    (lines.start, lines.line) = row
    var next = ReadingPlace(lines, waiting: place.waiting.dropFirst(), rowsAreLines: recognition.parser.rowsAreLines)
    next.earlierSize = place.earlierSize + (place.lines.stream.size ?? 0)
    place = next
    return true
  }

  // MARK: Reading ahead

  /// Gives every parser a window, as far as there are any.
  private mutating func readAhead() {
    while ahead.count < parsers.count, failure == nil {
      if place.lines.start == place.lines.end {
        if !place.lines.atEnd {
          guard place.isParsedAhead else { return }
          do { try place.lines.fill() } catch {
            failure = (error, true)
            return
          }
        } else {
          // What comes through a pipe is not read before it is its turn.
          if let next = place.waiting.first, LogFiles.size(of: next) == nil, !ahead.isEmpty { return }
          do { if try !openNext() { return } } catch {
            failure = (error, false)
            return
          }
        }
      }
      guard place.isParsedAhead else { return }
      let number = begun % parsers.count
      ahead.append(WindowAhead(place: place, readSize: place.position, parser: number))
      parsers[number].parser.begin(
        place.lines.window, of: part(place), recognition.parser, recognition.expansion, for: assembler)
      begun += 1
      place.isAtStart = false
      place.lines.stepOver()
    }
  }

  /// Adds the rows of a window that was parsed ahead.
  private mutating func add(_ window: WindowAhead) throws(LogError) {
    let lines = window.place.lines
    if window.place.isAtStart {
      assembler.startFile(part(window.place))
      line = lines.line
    }
    guard let rows = parsers[window.parser].parser.end() else { return try goBack(to: window) }
    try assembler.add(rows, &parsers[window.parser].numbers, linesBefore: line - lines.line)
    line += rows.lines
    readSize = window.readSize
    if ahead.isEmpty, failure == nil, !place.isAtStart { place.lines.line = line }
  }

  /// Reads on from the beginning of the window, by this thread to the end of the file.
  private mutating func goBack(to window: WindowAhead) throws(LogError) {
    var lines = window.place.lines
    var later = ahead.map(\.place.lines)
    if let failure, failure.isBehindWindow { later.append(place.lines) }
    lines.goBack(before: later.filter { $0.stream === lines.stream })
    lines.line = line
    place = window.place
    place.lines = lines
    (place.isAtStart, place.isParsedAhead) = (false, false)
    (ahead, failure) = ([], nil)
    // Ids of rows that are given up are numbered in their tables.
    parsers = parsers.map { _ in NumberedParser() }
    try readRows()
  }
}

/// Where the bytes of a log are read.
struct ReadingPlace {
  var lines: LineBuffer
  /// The files that are read behind the one at hand.
  let waiting: ArraySlice<String>
  /// The bytes of the files before it.
  var earlierSize = 0
  /// Whether no row of the file at hand was parsed.
  var isAtStart = true
  /// Whether windows of the file can be parsed each by itself.
  var isParsedAhead: Bool

  init(_ lines: LineBuffer, waiting: ArraySlice<String>, rowsAreLines: Bool) {
    self.lines = lines
    self.waiting = waiting
    isParsedAhead = rowsAreLines && lines.stream.size != nil && !lines.endsWithCarriageReturns && !lines.isUnlined
  }

  /// How many bytes of the files have been read.
  var position: Int { earlierSize + lines.stream.position }
}

/// A window that is being parsed, and where reading stood before it.
private struct WindowAhead {
  let place: ReadingPlace
  /// The bytes of the files up to its end.
  let readSize: Int
  /// The number of its parser.
  let parser: Int
}

/// A parser, and the log's numbers of its ids.
private struct NumberedParser {
  let parser = WindowParser()
  var numbers = IdentifierNumbers()
}
