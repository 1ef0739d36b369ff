/// Histories as they come in: one JSON object per line, `{"user": "…", "items": ["…", …]}`, oldest item first; ids are
/// texts or numbers, as in a log.
package struct HistoryLines {
  /// One user and the items of the history, oldest first.
  package struct History: Sendable, Equatable {
    package let user: Identifier
    package let items: [Identifier]
    /// From 1.
    package let line: Int

    package init(user: Identifier, items: [Identifier], line: Int) {
      self.user = user
      self.items = items
      self.line = line
    }
  }

  private var lines: LineBuffer
  private let option: String
  private let source: String

  /// Opens the file at `path`, or standard input where it is `-`, which is what `option` names.
  package init(_ path: String, option: String) throws(ListError) {
    self.option = option
    source = path == "-" ? "standard input" : path
    do {
      lines = LineBuffer(try ByteStream(path), promptly: true)
      try lines.open()
    } catch {
      throw ListError(
        option: option, source: source, fault: error == .empty(file: source) ? .empty : .unreadable(error))
    }
  }

  /// The next history; nil at the end.
  package mutating func next() throws(ListError) -> History? {
    while true {
      while lines.start == lines.end {
        if lines.atEnd { return nil }
        do {
          try lines.fill()
        } catch {
          throw ListError(option: option, source: source, fault: .unreadable(error))
        }
      }
      let start = lines.start
      let number = lines.line
      let next = Byte.endOfLine(lines.bytes.span, start, lines.end)
      lines.start = next
      lines.line += 1
      let range = start..<next
      if range.allSatisfy({ Byte.isSpace(lines.bytes[$0]) }) { continue }
      guard let history = Self.history(lines.bytes.span, range, line: number) else {
        let text = Byte.excerpt(lines.bytes.span, start..<next, most: 60)
        throw ListError(option: option, source: source, fault: .badHistory(line: number, text: text))
      }
      return history
    }
  }

  private static func history(_ bytes: Span<UInt8>, _ range: Range<Int>, line: Int) -> History? {
    var user: Identifier?
    var items: [Identifier]?
    let isObject = JSONScanner.members(of: bytes, range) { name, value in
      switch String(decoding: Unescaping.bytes(bytes, name) ?? [], as: UTF8.self) {
      case "user": user = Self.id(bytes, value)
      case "items": items = Self.ids(bytes, value)
      default: break
      }
    }
    guard isObject, let user, let items else { return nil }
    return History(user: user, items: items, line: line)
  }

  private static func id(_ bytes: Span<UInt8>, _ field: RowFields.Field) -> Identifier? {
    guard let text = Unescaping.bytes(bytes, field), !text.isEmpty else { return nil }
    return Identifier(utf8: text)
  }

  private static func ids(_ bytes: Span<UInt8>, _ field: RowFields.Field) -> [Identifier]? {
    guard field.escape == .array else { return nil }
    var ids: [Identifier] = []
    var isWhole = true
    let isArray = JSONScanner.elements(of: bytes, field.range) { value in
      if let id = id(bytes, value) { ids.append(id) } else { isWhole = false }
    }
    return isArray && isWhole ? ids : nil
  }
}
