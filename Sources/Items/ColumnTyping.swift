import Interactions

/// Finds what the values of one column of an item table are.
struct ColumnTyping {
  /// Numbers with at most so many different values are categories.
  static let fewNumbers = 20

  let name: String
  let cells: [CellTable.Cell]

  /// The column's kind and values; nil where there is nothing to learn from them: addresses, or no values at all.
  ///
  /// - Parameter named: the kind that the user named.
  func typed(as named: ItemColumn.Kind? = nil) -> (column: ItemColumn, values: ItemValues)? {
    let present = cells.filter { !$0.isMissing }
    if present.isEmpty { return nil }
    let kind: ItemColumn.Kind
    var (separator, form): (Separator?, TimeForm?) = (nil, nil)
    if present.allSatisfy({ $0.number != nil }) {
      let distinct = Set(present.compactMap(\.number)).count
      kind = named ?? (distinct <= Self.fewNumbers || isCode ? .category : .number)
    } else if let date = CellTable.Cell.dateForms.first(where: { form in present.allSatisfy { $0.days(form) != nil } })
    {
      form = date
      kind = named ?? .number
    } else if present.contains(where: { $0.list != nil }) {
      kind = named ?? .category
    } else if named == nil, present.allSatisfy({ $0.text.hasPrefix("http://") || $0.text.hasPrefix("https://") }) {
      return nil
    } else {
      separator = Self.separator(present)
      kind = named ?? (separator != nil || isRepeated(present) ? .category : .text)
    }
    if kind == .category, named != nil, separator == nil { separator = Self.separator(present) }
    let column = ItemColumn(name: name, kind: kind, separator: kind == .category ? separator : nil)
    switch kind {
    case .category: return (column, .categories(cells.map { Self.values($0, separator) }))
    case .number: return (column, .numbers(cells.map { cell in form.map { cell.days($0) } ?? cell.number }))
    case .text:
      let texts = cells.map { cell in cell.list.map { $0.joined(separator: " ") } ?? cell.text }
      return (column, .texts(texts.map { $0.isEmpty ? nil : $0 }))
    }
  }

  /// Whether the name says that numbers are names: `brand_id`, `type`.
  private var isCode: Bool {
    let plain = name.lowercased()
    return ["id", "code", "category", "class", "type", "group", "cluster"].contains { plain.hasSuffix($0) }
  }

  /// Whether values return so often that they are categories.
  private func isRepeated(_ present: [CellTable.Cell]) -> Bool {
    Set(present.map { Identifier($0.text) }).count * 2 <= present.count
  }

  /// What stands between several values: its parts return, and they are short.
  private static func separator(_ present: [CellTable.Cell]) -> Separator? {
    for candidate in ["|", ";", ","] {
      let mark = Character(candidate)
      let lists = present.filter { $0.text.contains(mark) }
      guard lists.count * 20 >= present.count else { continue }
      let parts = present.flatMap { split($0.text, mark) }
      let words = parts.reduce(0) { $0 + 1 + $1.utf8.count { $0 == UInt8(ascii: " ") } }
      if Set(parts).count * 2 <= parts.count, words <= 3 * parts.count { return Separator(rawValue: candidate) }
    }
    return nil
  }

  /// The values of a cell, each once.
  private static func values(_ cell: CellTable.Cell, _ separator: Separator?) -> [Identifier] {
    var values: [Identifier] = []
    let parts: [Identifier]
    if let list = cell.list {
      parts = list.map { Identifier($0) }
    } else if let mark = separator?.rawValue.first {
      parts = split(cell.text, mark)
    } else {
      parts = [Identifier(cell.text)]
    }
    for part in parts where !part.text.isEmpty && !values.contains(part) { values.append(part) }
    return values
  }

  /// The parts of a list without the brackets and quotes that Python and JSON write.
  private static func split(_ text: String, _ mark: Character) -> [Identifier] {
    var inner = text[...]
    if let first = inner.first, let last = inner.last, (first == "[" && last == "]") || (first == "{" && last == "}") {
      inner = inner.dropFirst().dropLast()
    }
    return inner.split(separator: mark).map { part in
      var part = part.drop { $0 == " " }
      while part.last == " " { part.removeLast() }
      if part.count >= 2, let quote = part.first, quote == "'" || quote == "\"", part.last == quote {
        part = part.dropFirst().dropLast()
      }
      return Identifier(part)
    }
  }
}
