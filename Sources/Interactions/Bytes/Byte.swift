/// The bytes that mean something to a parser.
enum Byte {
  static let tab = UInt8(ascii: "\t")
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let blank = UInt8(ascii: " ")
  static let quote = UInt8(ascii: "\"")
  static let backslash = UInt8(ascii: "\\")
  static let colon = UInt8(ascii: ":")
  static let comma = UInt8(ascii: ",")
  static let zero = UInt8(ascii: "0")
  static let nine = UInt8(ascii: "9")
  static let openBrace = UInt8(ascii: "{")
  static let closeBrace = UInt8(ascii: "}")
  static let openBracket = UInt8(ascii: "[")
  static let closeBracket = UInt8(ascii: "]")

  static func isBlank(_ byte: UInt8) -> Bool { byte == blank || byte == tab }
  static func isSpace(_ byte: UInt8) -> Bool { isBlank(byte) || byte == newline || byte == carriageReturn }
  static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }

  /// Whether UTF-8's byte order mark stands at `position`.
  static func isOrderMark(_ bytes: Span<UInt8>, _ position: Int, _ end: Int) -> Bool {
    end - position >= 3 && bytes[position] == 0xEF && bytes[position + 1] == 0xBB && bytes[position + 2] == 0xBF
  }

  /// `range` without the blanks and tabs at its ends.
  static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, isBlank(bytes[start]) { start += 1 }
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  /// Behind the line end that follows `position`, or `end`.
  static func endOfLine(_ bytes: Span<UInt8>, _ position: Int, _ end: Int) -> Int {
    var at = position
    while at < end, bytes[at] != newline { at += 1 }
    return min(at + 1, end)
  }

  /// The beginning of the line at `range` as a message shows it.
  static func excerpt(_ bytes: Span<UInt8>, _ range: Range<Int>, most: Int = 200) -> String {
    var shown = range.prefix(most).map { bytes[$0] }
    while let last = shown.last, last == newline || last == carriageReturn { shown.removeLast() }
    return String(decoding: shown, as: UTF8.self)
  }
}
