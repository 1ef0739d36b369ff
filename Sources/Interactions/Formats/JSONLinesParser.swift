/// Rows that are one JSON object per line; the wanted columns are members of the object itself.
///
/// A string's text or a number's digits are the value as it stands; `null`, objects and arrays count as missing.
struct JSONLinesParser: RowParser {
  /// The wanted member names, by role.
  let keys: [(role: ColumnRole, name: [UInt8])]

  func parse(_ bytes: Span<UInt8>, _ window: Range<Int>, into row: inout RowFields) -> (next: Int, lines: Int)? {
    let next = endOfLine(bytes, window.lowerBound, window.upperBound)
    row.fields = .init(repeating: RowFields.Field())
    row.range = window.lowerBound..<next
    let isObject = JSONScanner.members(of: bytes, window.lowerBound..<next) { name, value in
      for key in keys where Self.isName(key.name, bytes, name) { row[key.role] = value }
    }
    row.problem = isObject ? nil : (.malformedJSON, nil)
    return (next, 1)
  }

  /// The member names of the object on the first line of `window`, and where the next line begins.
  static func names(_ bytes: Span<UInt8>, _ window: Range<Int>) -> (names: [String], next: Int) {
    let next = endOfLine(bytes, window.lowerBound, window.upperBound)
    var names: [String] = []
    let isObject = JSONScanner.members(of: bytes, window.lowerBound..<next) { name, _ in
      names.append(String(decoding: Unescaping.bytes(bytes, name) ?? [], as: UTF8.self))
    }
    return (isObject ? names : [], next)
  }

  private static func isName(_ name: [UInt8], _ bytes: Span<UInt8>, _ field: RowFields.Field) -> Bool {
    if field.escape == .json { return Unescaping.bytes(bytes, field) == name }
    guard field.range.count == name.count else { return false }
    for (offset, byte) in name.enumerated() where bytes[field.range.lowerBound + offset] != byte { return false }
    return true
  }
}
