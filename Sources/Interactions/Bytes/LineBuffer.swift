import DurableFiles

/// A window over a byte stream that always begins at a row and holds whole lines.
struct LineBuffer {
  /// How far a single row may reach, and how many bytes are read at least.
  static let chunk = 1 << 20
  private let chunk: Int
  private static let longestLine = 64 << 20

  private(set) var bytes: [UInt8]
  /// Where the next row begins.
  var start = 0
  /// Behind the last whole line; behind the last byte at the end of the stream.
  private(set) var end = 0
  private(set) var atEnd = false
  private var filled = 0
  /// Where the bytes begin that were read last.
  private var lastStart = 0
  /// The SHA-256 of everything the stream gave.
  private(set) var hash: SHA256
  let stream: ByteStream
  /// What comes before the rest of the stream.
  private var replay: Replay?
  /// What the stream threw.
  private var failure: LogError?
  /// Whether whole lines are given out as soon as there is one, instead of a chunk at a time.
  private let isPrompt: Bool
  /// The number of the line at `start`, from 1.
  var line = 1
  /// Whether lines end with a carriage return alone; in `bytes` they end with a line feed.
  private(set) var endsWithCarriageReturns = false
  /// Whether the window ends anywhere between two characters, as in JSON without lines.
  private(set) var isUnlined = false

  /// - Parameters:
  ///   - hash: that of what was read before `stream`.
  ///   - chunk: how many bytes are read at least; windows have about twice as many.
  init(
    _ stream: ByteStream, promptly: Bool = false, continuing hash: SHA256 = SHA256(), chunk: Int = LineBuffer.chunk
  ) {
    self.stream = stream
    self.chunk = chunk
    bytes = [UInt8](repeating: 0, count: 2 * chunk)
    self.hash = hash
    isPrompt = promptly
  }

  /// Reads the first window and steps over a byte order mark.
  ///
  /// - Throws: `LogError` where the stream is empty, is no text, or cannot be read.
  mutating func open() throws(LogError) {
    try read()
    if filled == 0 { throw .empty(file: stream.name) }
    try ForeignFile.refuse(bytes[..<filled], file: stream.name)
    if bytes[..<filled].starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
    let text = bytes[start..<filled]
    if !text.contains(Byte.newline), text.contains(Byte.carriageReturn) {
      endsWithCarriageReturns = true
      translate(start..<filled)
      findEnd()
    }
    if !atEnd, !text.contains(Byte.newline), text.first(where: { !Byte.isSpace($0) }) == Byte.openBracket {
      isUnlined = true
      findEnd()
    }
    while !atEnd, end <= start { try read() }
    try validate(start..<end)
  }

  /// From here on the window need not end at a line.
  mutating func readWithoutLines() throws(LogError) {
    let known = end
    isUnlined = true
    findEnd()
    try validate(known..<end)
  }

  /// Moves the rest of the window to its front and reads about one chunk more.
  ///
  /// - Throws: `LogError` where the stream cannot be read, or a new byte is not UTF-8.
  mutating func fill() throws(LogError) {
    let rest = filled - start
    for offset in 0..<rest { bytes[offset] = bytes[start + offset] }
    let known = end - start
    start = 0
    filled = rest
    try read()
    try validate(known..<end)
  }

  /// Reads up to one chunk behind what is there and finds the last whole line.
  private mutating func read() throws(LogError) {
    let old = filled
    lastStart = old
    if bytes.count - old < chunk { bytes.append(contentsOf: repeatElement(0, count: bytes.count)) }
    while !atEnd, filled - old < chunk {
      let count = try next()
      filled += count
      atEnd = count == 0
      if isPrompt, bytes[filled - count..<filled].contains(Byte.newline) { break }
    }
    hash.update(bytes, old..<filled)
    if endsWithCarriageReturns { translate(old..<filled) }
    findEnd()
    if end <= start || isUnlined, filled - start > Self.longestLine {
      throw .lineTooLong(file: stream.name, line: line)
    }
  }

  /// Overwrites the buffer behind `filled` with the next bytes; their number is 0 at the end.
  private mutating func next() throws(LogError) -> Int {
    guard var replay else {
      do {
        return try stream.read(into: &bytes, from: filled)
      } catch {
        failure = error
        throw error
      }
    }
    let count = min(bytes.count - filled, replay.bytes.count - replay.taken)
    bytes.replaceSubrange(filled..<filled + count, with: replay.bytes[replay.taken..<replay.taken + count])
    replay.taken += count
    if replay.taken < replay.bytes.count {
      self.replay = replay
      return count
    }
    if let failure = replay.failure {
      self.replay = replay
      if count > 0 { return count }
      throw failure
    }
    self.replay = nil
    // As many as one read gives.
    return count == bytes.count - filled ? count : count + (try stream.read(into: &bytes, from: filled + count))
  }

  private mutating func findEnd() {
    end = filled
    if atEnd { return }
    if isUnlined {
      // The last character may be cut.
      while end > start, bytes[end - 1] & 0xC0 == 0x80 { end -= 1 }
      if end > start, bytes[end - 1] >= 0xC0 { end -= 1 }
    } else {
      while end > start, bytes[end - 1] != Byte.newline { end -= 1 }
    }
  }

  /// Turns carriage returns into line feeds.
  private mutating func translate(_ range: Range<Int>) {
    for position in range where bytes[position] == Byte.carriageReturn { bytes[position] = Byte.newline }
  }

  /// Refuses bytes that are not UTF-8; `range` begins and ends between characters.
  private func validate(_ range: Range<Int>) throws(LogError) {
    do {
      _ = try UTF8Span(validating: bytes.span.extracting(range))
    } catch {
      let place = range.lowerBound + error.byteOffsets.lowerBound
      var line = self.line
      var column = 1
      for byte in bytes[start..<place] {
        column = byte == Byte.newline ? 1 : column + 1
        if byte == Byte.newline { line += 1 }
      }
      throw .notUTF8(file: stream.name, line: line, byte: column, value: bytes[place])
    }
  }
}

/// Reading ahead, and going back to where it stood.
extension LineBuffer {
  /// Bytes that a stream has given already.
  private struct Replay {
    let bytes: [UInt8]
    var taken = 0
    /// What the stream threw behind them.
    let failure: LogError?
  }

  /// The window as it is.
  var window: LineWindow { LineWindow(bytes: bytes, start: start, end: end, atEnd: atEnd, line: line) }

  /// The window as if its rows had been parsed; lines count from 1 behind it.
  mutating func stepOver() { (start, line) = (end, 1) }

  /// A buffer of the same stream gives again what `later` ones have read since.
  mutating func goBack(before later: [LineBuffer]) {
    replay = Replay(
      bytes: later.flatMap { $0.bytes[$0.lastStart..<$0.filled] }, failure: later.compactMap(\.failure).last)
  }
}

/// Whole lines of a file, whose rows are parsed one after another.
struct LineWindow: Sendable {
  let bytes: [UInt8]
  /// Where the next row begins.
  var start: Int
  /// Behind the last whole line; behind the last byte at the end of the file.
  let end: Int
  /// Whether nothing follows.
  let atEnd: Bool
  /// The number of the line at `start`, from 1.
  var line: Int
}
