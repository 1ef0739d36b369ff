/// Makes the events of a row that holds a list of items.
struct RowExpansion: Sendable {
  enum Style: Sendable {
    /// A text such as `[3, 4]`, `3|4`, `3 4`, cut at these bytes.
    case text(separators: [UInt8])
    /// A JSON array of ids, or of objects with these members.
    case json(inner: [JSONKeys.Key])
  }

  let style: Style

  /// Calls `body` with the row of every item, in the order of the list; with the row as it is where the list is empty.
  func events(
    of row: RowFields, _ bytes: Span<UInt8>, _ body: (Span<UInt8>, RowFields) throws(LogError) -> Void
  ) throws(LogError) {
    let list = row[.item]
    switch style {
    case .json(let inner):
      guard row.problem == nil, list.escape == .array else { return try body(bytes, row) }
      var elements: [RowFields.Field] = []
      _ = JSONScanner.elements(of: bytes, list.range) { elements.append($0) }
      var event = row
      event[.item] = RowFields.Field()
      if elements.isEmpty { return try body(bytes, event) }
      for element in elements {
        var event = event
        if element.escape == .object {
          _ = JSONKeys.fill(&event, bytes, element.range, inner, depth: 0)
        } else {
          event[.item] = element
        }
        try body(bytes, event)
      }
    case .text(let separators):
      guard row.problem == nil, list.escape == .none else {
        return try unescaped(row, bytes, body)
      }
      let items = Self.items(bytes, list.range, separators)
      var event = row
      event[.item] = RowFields.Field()
      if items.isEmpty { return try body(bytes, event) }
      for item in items {
        event[.item] = RowFields.Field(item)
        try body(bytes, event)
      }
    }
  }

  /// The events of a row whose list has doubled quotes in it: of a copy without them.
  private func unescaped(
    _ row: RowFields, _ bytes: Span<UInt8>, _ body: (Span<UInt8>, RowFields) throws(LogError) -> Void
  ) throws(LogError) {
    guard row.problem == nil, let text = Unescaping.bytes(bytes, row[.item]) else { return try body(bytes, row) }
    var copy = row.range.map { bytes[$0] }
    var event = row
    let shift = row.range.lowerBound
    for slot in 0..<RowFields.slotCount {
      let range = event.fields[slot].range
      let isInside = range.lowerBound >= row.range.lowerBound && range.upperBound <= row.range.upperBound
      event.fields[slot].range = isInside ? range.lowerBound - shift..<range.upperBound - shift : 0..<0
    }
    event.range = 0..<copy.count
    event[.item] = RowFields.Field(copy.count..<copy.count + text.count)
    copy.append(contentsOf: text)
    try events(of: event, copy.span, body)
  }

  /// The items of a list: without the brackets around it, and without blanks and quotes around each.
  private static func items(_ bytes: Span<UInt8>, _ range: Range<Int>, _ separators: [UInt8]) -> [Range<Int>] {
    var list = Byte.trimmed(bytes, range)
    let brackets = [Byte.openBracket: Byte.closeBracket, Byte.openBrace: Byte.closeBrace, 0x28: 0x29]
    if list.count >= 2, brackets[bytes[list.lowerBound]] == bytes[list.upperBound - 1] {
      list = list.lowerBound + 1..<list.upperBound - 1
    }
    var items: [Range<Int>] = []
    var start = list.lowerBound
    for position in list.lowerBound...list.upperBound {
      guard position == list.upperBound || separators.contains(bytes[position]) else { continue }
      var item = Byte.trimmed(bytes, start..<position)
      if item.count >= 2, bytes[item.lowerBound] == bytes[item.upperBound - 1],
        bytes[item.lowerBound] == Byte.quote || bytes[item.lowerBound] == UInt8(ascii: "'")
      {
        item = item.lowerBound + 1..<item.upperBound - 1
      }
      if !item.isEmpty { items.append(item) }
      start = position + 1
    }
    return items
  }
}
