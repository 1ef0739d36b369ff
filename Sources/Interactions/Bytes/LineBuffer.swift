import DurableFiles

/// A window over a byte stream that always begins at a row and holds whole lines.
struct LineBuffer {
  /// How far a single row may reach.
  static let chunk = 1 << 20
  private static let longestLine = 64 << 20

  private(set) var bytes = [UInt8](repeating: 0, count: 2 * LineBuffer.chunk)
  /// Where the next row begins.
  var start = 0
  /// Behind the last whole line; behind the last byte at the end of the stream.
  private(set) var end = 0
  private(set) var atEnd = false
  private var filled = 0
  /// The SHA-256 of everything the stream gave.
  private(set) var hash: SHA256
  private let stream: ByteStream
  /// Whether whole lines are given out as soon as there is one, instead of a chunk at a time.
  private let isPrompt: Bool
  /// The number of the line at `start`, from 1.
  var line = 1
  /// Whether lines end with a carriage return alone; in `bytes` they end with a line feed.
  private(set) var endsWithCarriageReturns = false
  /// Whether the window ends anywhere between two characters, as in JSON without lines.
  private var isUnlined = false

  /// - Parameter hash: that of what was read before `stream`.
  init(_ stream: ByteStream, promptly: Bool = false, continuing hash: SHA256 = SHA256()) {
    self.stream = stream
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
    if bytes.count - old < Self.chunk { bytes.append(contentsOf: repeatElement(0, count: bytes.count)) }
    while !atEnd, filled - old < Self.chunk {
      let count = try stream.read(into: &bytes, from: filled)
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
