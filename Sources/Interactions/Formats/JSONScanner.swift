/// Walks over one JSON object or array without building it.
///
/// - Source: RFC 8259; nesting deeper than 64 levels is refused.
struct JSONScanner: ~Copyable {
  private var position: Int
  private let end: Int

  /// Calls `body` with the name and the value of every member of the object at `range`.
  ///
  /// - Returns: whether `range` holds one well-formed object and nothing else.
  static func members(
    of bytes: Span<UInt8>, _ range: Range<Int>, _ body: (_ name: RowFields.Field, _ value: RowFields.Field) -> Void
  ) -> Bool {
    var scanner = JSONScanner(position: range.lowerBound, end: range.upperBound)
    scanner.skipSpace(bytes)
    guard scanner.object(bytes, depth: 0, body) else { return false }
    scanner.skipSpace(bytes)
    return scanner.position == scanner.end
  }

  /// Calls `body` with every element of the array at `range`.
  ///
  /// - Returns: whether `range` holds one well-formed array and nothing else.
  static func elements(of bytes: Span<UInt8>, _ range: Range<Int>, _ body: (RowFields.Field) -> Void) -> Bool {
    var scanner = JSONScanner(position: range.lowerBound, end: range.upperBound)
    scanner.skipSpace(bytes)
    guard scanner.position < scanner.end, bytes[scanner.position] == Byte.openBracket,
      scanner.array(bytes, depth: 0, body)
    else { return false }
    scanner.skipSpace(bytes)
    return scanner.position == scanner.end
  }

  /// The value that begins at or behind `start`, and where the text goes on; nil where it is not well-formed or not whole.
  static func value(
    of bytes: Span<UInt8>, from start: Int, to end: Int
  ) -> (field: RowFields.Field, next: Int)? {
    var scanner = JSONScanner(position: start, end: end)
    scanner.skipSpace(bytes)
    guard let field = scanner.value(bytes, depth: 0) else { return nil }
    return (field, scanner.position)
  }

  private mutating func object(
    _ bytes: Span<UInt8>, depth: Int, _ body: (RowFields.Field, RowFields.Field) -> Void
  ) -> Bool {
    guard take(bytes, Byte.openBrace) else { return false }
    skipSpace(bytes)
    if take(bytes, Byte.closeBrace) { return true }
    repeat {
      skipSpace(bytes)
      guard let name = string(bytes) else { return false }
      skipSpace(bytes)
      guard take(bytes, Byte.colon) else { return false }
      skipSpace(bytes)
      guard let value = value(bytes, depth: depth) else { return false }
      body(name, value)
      skipSpace(bytes)
    } while take(bytes, Byte.comma)
    return take(bytes, Byte.closeBrace)
  }

  /// The value at `position`: an empty field for `null`, the whole range of an object or array; nil where it is not
  /// well-formed.
  private mutating func value(_ bytes: Span<UInt8>, depth: Int) -> RowFields.Field? {
    guard position < end, depth < 64 else { return nil }
    switch bytes[position] {
    case Byte.quote: return string(bytes)
    case Byte.openBrace:
      let start = position
      return object(bytes, depth: depth + 1) { _, _ in } ? RowFields.Field(start..<position, escape: .object) : nil
    case Byte.openBracket:
      let start = position
      return array(bytes, depth: depth + 1) { _ in } ? RowFields.Field(start..<position, escape: .array) : nil
    default: return word(bytes)
    }
  }

  private mutating func array(_ bytes: Span<UInt8>, depth: Int, _ body: (RowFields.Field) -> Void) -> Bool {
    position += 1
    skipSpace(bytes)
    if take(bytes, Byte.closeBracket) { return true }
    repeat {
      skipSpace(bytes)
      guard let value = value(bytes, depth: depth) else { return false }
      body(value)
      skipSpace(bytes)
    } while take(bytes, Byte.comma)
    return take(bytes, Byte.closeBracket)
  }

  private mutating func string(_ bytes: Span<UInt8>) -> RowFields.Field? {
    guard take(bytes, Byte.quote) else { return nil }
    let start = position
    var escape = RowFields.Escape.none
    while position < end, bytes[position] != Byte.quote {
      guard bytes[position] >= 0x20 else { return nil }
      if bytes[position] == Byte.backslash {
        escape = .json
        position += 1
      }
      position += 1
    }
    guard position < end else { return nil }
    position += 1
    return RowFields.Field(start..<position - 1, escape: escape)
  }

  /// A number, `true`, `false` or `null`.
  private mutating func word(_ bytes: Span<UInt8>) -> RowFields.Field? {
    let start = position
    while position < end, Self.isWordByte(bytes[position]) { position += 1 }
    let range = start..<position
    let isNumber = range.first.map { Byte.isDigit(bytes[$0]) || bytes[$0] == UInt8(ascii: "-") } ?? false
    if isNumber { return Double(text(bytes, range)) == nil ? nil : RowFields.Field(range) }
    switch text(bytes, range) {
    case "true", "false": return RowFields.Field(range)
    case "null", "NaN": return RowFields.Field()
    default: return nil
    }
  }

  private func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    String(decoding: range.map { bytes[$0] }, as: UTF8.self)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), Byte.zero...Byte.nine: true
    case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): true
    default: false
    }
  }

  private mutating func take(_ bytes: Span<UInt8>, _ byte: UInt8) -> Bool {
    guard position < end, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace(_ bytes: Span<UInt8>) {
    while position < end,
      Byte.isBlank(bytes[position]) || bytes[position] == Byte.newline
        || bytes[position] == Byte.carriageReturn
    { position += 1 }
  }
}
