/// The text of a field whose bytes are escaped.
enum Unescaping {
  /// The text of `field` as UTF-8; nil where an escape is malformed, and for what is no scalar.
  static func bytes(_ bytes: Span<UInt8>, _ field: RowFields.Field) -> [UInt8]? {
    switch field.escape {
    case .none: field.range.map { bytes[$0] }
    case .doubledQuotes: undoubled(bytes, field.range)
    case .json: json(bytes, field.range)
    case .object, .array: nil
    }
  }

  private static func undoubled(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var text: [UInt8] = []
    var at = range.lowerBound
    while at < range.upperBound {
      text.append(bytes[at])
      at += bytes[at] == Byte.quote ? 2 : 1
    }
    return text
  }

  private static func json(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    var text: [UInt8] = []
    var at = range.lowerBound
    while at < range.upperBound {
      guard bytes[at] == Byte.backslash else {
        text.append(bytes[at])
        at += 1
        continue
      }
      guard at + 1 < range.upperBound else { return nil }
      let letter = bytes[at + 1]
      at += 2
      if let plain = plainEscapes[letter] {
        text.append(plain)
        continue
      }
      guard letter == UInt8(ascii: "u"), let unit = hexadecimal(bytes, at, range.upperBound) else { return nil }
      at += 4
      var scalar = UInt32(unit)
      if UTF16.isLeadSurrogate(unit) {
        guard at + 1 < range.upperBound, bytes[at] == Byte.backslash, bytes[at + 1] == UInt8(ascii: "u"),
          let low = hexadecimal(bytes, at + 2, range.upperBound), UTF16.isTrailSurrogate(low)
        else { return nil }
        scalar = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
        at += 6
      }
      guard let character = Unicode.Scalar(scalar) else { return nil }
      text.append(contentsOf: String(character).utf8)
    }
    return text
  }

  private static func hexadecimal(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> UInt16? {
    guard at + 4 <= end else { return nil }
    return UInt16(String(decoding: (at..<at + 4).map { bytes[$0] }, as: UTF8.self), radix: 16)
  }

  private static let plainEscapes: [UInt8: UInt8] = [
    Byte.quote: Byte.quote, Byte.backslash: Byte.backslash, UInt8(ascii: "/"): UInt8(ascii: "/"),
    UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): Byte.newline,
    UInt8(ascii: "r"): Byte.carriageReturn, UInt8(ascii: "t"): Byte.tab,
  ]
}
