/// Which members of a JSON row are wanted, and in which slot each goes.
struct JSONKeys: Sendable {
  struct Key: Sendable {
    let slot: Int
    /// The names of the member and of the objects around it, outermost first.
    let path: [[UInt8]]
  }

  /// Members of objects.
  var members: [Key] = []
  /// The slot of each element, where rows are arrays; -1 where nobody wants it.
  var places: [Int] = []
  /// Members of the objects in the list that the item's slot holds.
  var inner: [Key] = []

  /// Puts what is wanted of the object or array `value` into `row`; false where it is neither.
  func fill(_ row: inout RowFields, _ bytes: Span<UInt8>, _ value: RowFields.Field) -> Bool {
    switch value.escape {
    case .object: return Self.fill(&row, bytes, value.range, members, depth: 0)
    case .array:
      var place = 0
      return JSONScanner.elements(of: bytes, value.range) { element in
        if place < places.count, places[place] >= 0 { row.fields[places[place]] = element }
        place += 1
      }
    default: return false
    }
  }

  static func fill(
    _ row: inout RowFields, _ bytes: Span<UInt8>, _ range: Range<Int>, _ keys: [Key], depth: Int
  ) -> Bool {
    JSONScanner.members(of: bytes, range) { name, value in
      var isParent = false
      for key in keys where isName(key.path[depth], bytes, name) {
        if key.path.count == depth + 1 { row.fields[key.slot] = value } else { isParent = true }
      }
      guard isParent, value.escape == .object else { return }
      let children = keys.filter { $0.path.count > depth + 1 && isName($0.path[depth], bytes, name) }
      _ = fill(&row, bytes, value.range, children, depth: depth + 1)
    }
  }

  private static func isName(_ name: [UInt8], _ bytes: Span<UInt8>, _ field: RowFields.Field) -> Bool {
    if field.escape == .json { return Unescaping.bytes(bytes, field) == name }
    guard field.range.count == name.count else { return false }
    for (offset, byte) in name.enumerated() where bytes[field.range.lowerBound + offset] != byte { return false }
    return true
  }
}

/// Rows that are one JSON object or array per line; the wanted columns are its members.
///
/// A string's text or a number's digits are the value as it stands; `null`, objects and arrays count as missing.
struct JSONLinesParser: RowParser {
  let keys: JSONKeys

  func parse(_ bytes: Span<UInt8>, _ window: Range<Int>, into row: inout RowFields) -> (next: Int, lines: Int)? {
    let next = Byte.endOfLine(bytes, window.lowerBound, window.upperBound)
    row.fields = .init(repeating: RowFields.Field())
    row.range = window.lowerBound..<next
    row.problem = nil
    var start = window.lowerBound
    while start < next, Byte.isSpace(bytes[start]) { start += 1 }
    let range = start..<next
    let isWhole: Bool
    if !keys.members.isEmpty {
      isWhole = JSONKeys.fill(&row, bytes, range, keys.members, depth: 0)
    } else {
      isWhole =
        start < next && bytes[start] == Byte.openBracket
        && keys.fill(&row, bytes, RowFields.Field(range, escape: .array))
    }
    if !isWhole { row.problem = (.malformedJSON, nil) }
    return (next, 1)
  }
}

/// Rows that are the elements of one JSON array over the whole file, on one line or many.
struct JSONArrayParser: RowParser {
  let keys: JSONKeys
  let longestRow = 32 << 20
  let rowsAreLines = false

  func parse(_ bytes: Span<UInt8>, _ window: Range<Int>, into row: inout RowFields) -> (next: Int, lines: Int)? {
    guard let (value, next) = JSONScanner.value(of: bytes, from: window.lowerBound, to: window.upperBound) else {
      return nil
    }
    row.fields = .init(repeating: RowFields.Field())
    row.range = window.lowerBound..<next
    row.problem = keys.fill(&row, bytes, value) ? nil : (.malformedJSON, nil)
    var lines = 0
    for position in window.lowerBound..<next where bytes[position] == Byte.newline { lines += 1 }
    return (next, lines)
  }

  /// Where the next element begins: behind the array's bracket, commas and blanks.
  func behindFiller(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> (next: Int, lines: Int) {
    var at = start
    var lines = 0
    while at < end, Byte.isSpace(bytes[at]) || bytes[at] == Byte.comma || bytes[at] == Byte.closeBracket {
      if bytes[at] == Byte.newline { lines += 1 }
      at += 1
    }
    return (at, lines)
  }
}

/// Rows of a user and the items behind it, each line as long as it is.
struct SequenceParser: RowParser {
  let separator: Separator

  func parse(_ bytes: Span<UInt8>, _ window: Range<Int>, into row: inout RowFields) -> (next: Int, lines: Int)? {
    let next = Byte.endOfLine(bytes, window.lowerBound, window.upperBound)
    var end = next
    while end > window.lowerBound, Byte.isSpace(bytes[end - 1]) { end -= 1 }
    let line = Byte.trimmed(bytes, window.lowerBound..<end)
    var at = line.lowerBound
    while at < line.upperBound, !isSeparator(bytes[at]) { at += 1 }
    row.range = window.lowerBound..<next
    row.problem = nil
    row[.user] = RowFields.Field(Byte.trimmed(bytes, line.lowerBound..<at))
    row[.item] = RowFields.Field(min(at + 1, line.upperBound)..<line.upperBound)
    return (next, 1)
  }

  private func isSeparator(_ byte: UInt8) -> Bool {
    byte == separator.first || (separator == .blanks && byte == Byte.tab)
  }
}
