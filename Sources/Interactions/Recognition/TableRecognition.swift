import DurableFiles

/// Finds the header and the roles of the columns of delimited rows.
struct TableRecognition {
  let plan: LogPlan
  let expansion: RowExpansion?
  /// The header as it stands in the log; nil where there is none.
  let names: [String]?
  /// How many rows of the sample stand before the first event.
  let skippedRows: Int

  var skipsFirst: Bool { skippedRows > 0 }

  init(_ dialect: DialectRecognition, options: ReadingOptions, file: String) throws(LogError) {
    let reading = dialect.reading
    let width = reading.width
    var notes: [String] = []
    let (names, skipped) = try Self.header(dialect, options: options, file: file, notes: &notes)
    skippedRows = skipped
    self.names = names == nil ? nil : reading.rows[skipped - 1]
    let body = reading.rows.enumerated().filter {
      $0.offset >= skipped && $0.element.count == width && $0.element != names
    }
    if body.isEmpty, skipped > 0, names != nil { throw .noRows(file: file) }
    let head = body.count { $0.offset < reading.headRows }
    let profiles = (0..<width).map { column in ColumnProfile(body.map { Array($0.element[column].utf8) }) }
    let evidence = RoleAssignment.Evidence(
      names: names, profiles: profiles, headRows: head, format: dialect.format, options: options, file: file)
    let roles = try RoleAssignment(evidence)
    try Self.requireUnquoted(roles, reading, file: file)
    var layout = LogLayout(
      format: dialect.format, hasHeader: names != nil, columns: [:], columnCount: width)
    layout.separator = reading.separator
    layout.quoting = reading.quotes ? .double : Quoting.none
    let separators = Self.listSeparators(roles, dialect.format)
    layout.holdsLists = separators.map { _ in true }
    expansion = separators.map { RowExpansion(style: .text(separators: $0)) }
    var plan = try LogPlan(roles, layout: layout)
    plan.notes.insert(contentsOf: notes, at: 0)
    self.plan = plan
  }

  /// The names of the columns, nil where there is no header, and how many rows stand before the first event.
  private static func header(
    _ dialect: DialectRecognition, options: ReadingOptions, file: String, notes: inout [String]
  ) throws(LogError) -> (names: [String]?, skipped: Int) {
    let rows = dialect.reading.rows
    let width = dialect.reading.width
    if options.hasHeader == false { return (nil, 0) }
    let first = rows[0]
    if first.count == width - 1, rows.count > 1, options.hasHeader == true || ColumnRole.isHeader(first) {
      // R leaves out the name of the row numbers; some programs end every row but the first with a separator.
      let body = rows.dropFirst().filter { $0.count == width }
      if body.allSatisfy({ $0[width - 1].isEmpty }) { return (first + [""], 1) }
      let numbers = ColumnProfile(body.map { Array($0[0].utf8) })
      if numbers.isRowNumber(head: min(body.count, dialect.reading.headRows - 1))
        || numbers.isUnique && body.count >= 20
      {
        return ([""] + first, 1)
      }
      throw .headerWidth(file: file, header: first.count, rows: width)
    }
    if first.count == width {
      if options.hasHeader == true || dialect.format == .recbole { return (first, 1) }
      switch HeaderRecognition.classify(rows) {
      case .header: return (first, 1)
      case .event: return (nil, 0)
      case .open: throw .openHeader(file: file, firstLine: first.joined(separator: dialect.reading.separator.joiner))
      }
    }
    // Titles may stand above the names; without names below them they are bad rows.
    let titles = rows.prefix(10).firstIndex { $0.count == width } ?? 0
    if titles > 0, HeaderRecognition.classify(Array(rows[titles...])) == .header {
      notes.append("\(Counted(titles, "line")) above the header left out")
      return (rows[titles], titles + 1)
    }
    return (nil, 0)
  }

  /// Refuses a log whose ids would keep the quotes around them.
  private static func requireUnquoted(_ roles: RoleAssignment, _ reading: DialectReading, file: String) throws(LogError)
  {
    if roles.evidence.options.quoting != nil { return }
    for role in [ColumnRole.user, .item] {
      guard let position = roles.position(of: role) else { continue }
      let profile = roles.evidence.profiles[position]
      func quoted(_ quote: UInt8) -> Bool {
        profile.share(profile.values.count { $0.count >= 2 && $0.first == quote && $0.last == quote }) >= 0.5
      }
      if !reading.quotes, quoted(Byte.quote) {
        throw .openQuoting(
          file: file, column: roles.evidence.called(position), example: roles.evidence.example(position))
      }
      if quoted(UInt8(ascii: "'")) {
        throw .singleQuotes(
          file: file, column: roles.evidence.called(position), example: roles.evidence.example(position))
      }
    }
  }

  /// What separates the items of a row, where the column of the item holds lists; nil where it holds single ones.
  private static func listSeparators(_ roles: RoleAssignment, _ format: LogFormat) -> [UInt8]? {
    guard let position = roles.position(of: .item) else { return nil }
    let profile = roles.evidence.profiles[position]
    let name = roles.evidence.names?[position] ?? ""
    if format == .recbole, name.hasSuffix(":token_seq") { return [Byte.blank] }
    let candidates = [UInt8(ascii: "|"), UInt8(ascii: ";"), Byte.comma, Byte.blank]
    let best = candidates.max { (profile.separated[$0] ?? 0) < (profile.separated[$1] ?? 0) } ?? Byte.blank
    // With commas or bars between them, blanks around items are no separators.
    let chosen = candidates.first { (profile.separated[$0] ?? 0) * 2 > (profile.separated[best] ?? 0) } ?? best
    if profile.isBracketedList || roles.evidence.options.columns.itemsAreLists { return [chosen] }
    let isListName = ColumnRole.listNames.contains(ColumnRole.plain(name))
    if isListName, (profile.separated[chosen] ?? 0) > 0 { return [chosen] }
    return profile.isPlainList(chosen) ? [chosen] : nil
  }
}

extension ColumnProfile {
  /// Whether most values are ids with digits, several of one shape between `separator`: `3 4 5`, `i3|i4`.
  func isPlainList(_ separator: UInt8) -> Bool {
    guard !isNumeric, time == nil, share(self.separated[separator] ?? 0) >= 0.5 else { return false }
    let lists = values.count { value in
      let parts = value.split(separator: separator).map { part in
        Self.shape(Array(part).span, Byte.trimmed(Array(part).span, 0..<part.count))
      }
      return parts.allSatisfy { $0 == parts[0] && $0.last == Byte.nine && $0.count <= 3 }
    }
    return share(lists) >= 0.95
  }
}

extension Separator {
  /// What stands between two columns, in a message.
  fileprivate var joiner: String {
    switch self {
    case .byte(let byte): String(Unicode.Scalar(byte))
    case .doubleColon: "::"
    case .blanks: " "
    }
  }
}
