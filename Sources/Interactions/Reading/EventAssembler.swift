/// Turns the fields of rows into events: checks them, numbers the ids, reads the times, and counts what became of every row.
package struct EventAssembler: Sendable {
  private static let shownBadRows = 20

  package let file: String
  package private(set) var identifiers: KnownIdentifiers
  /// The events of the batch.
  package private(set) var events: EventBatch
  /// The bad rows of the batch.
  package private(set) var badRows: [BadRow] = []
  package private(set) var rows = RowStatistics()
  private var firstBadRows: [BadRow] = []
  private var times = TimeReader()
  private var findings: LogFindings
  private let columnNumbers: [ColumnRole: Int]
  private let isTimed: Bool
  private let isGrouped: Bool

  /// An assembler for the log `file`, whose ids are numbered after those of `identifiers`.
  package init(file: String, layout: LogLayout, identifiers: KnownIdentifiers) {
    self.file = file
    self.identifiers = identifiers
    columnNumbers = layout.columns.mapValues(\.number)
    isTimed = layout.columns[.time] != nil
    isGrouped = layout.columns[.group] != nil
    findings = LogFindings(isTimed: isTimed)
    events = EventBatch(
      columns: EventColumns(present: (isTimed ? [.time] : []) + (isGrouped ? [.group] : [])))
  }

  /// Forgets the events and bad rows of the batch, which the caller has used.
  package mutating func startBatch() {
    events.removeAll()
    badRows.removeAll(keepingCapacity: true)
  }

  /// Adds the row to the batch, as an event or as a bad row.
  ///
  /// - Throws: `LogError.mixedTimes` where the time is in another unit than the log's first, and
  ///   `LogError.temporaryFile`.
  package mutating func add(_ bytes: Span<UInt8>, _ row: RowFields) throws(LogError) {
    if let problem = row.problem { return drop(problem.reason, column: problem.column, bytes, row) }
    if Self.isMissing(bytes, row[.user]) { return drop(.missingUser, .user, bytes, row) }
    if Self.isMissing(bytes, row[.item]) { return drop(.missingItem, .item, bytes, row) }
    var time: Int64 = 0
    if isTimed {
      switch readTime(bytes, row) {
      case .time(let found): time = found
      case .missing: return drop(.missingTime, .time, bytes, row)
      case .unreadable: return drop(.unreadableTime, .time, bytes, row)
      case .mixed(let unit):
        throw .mixedTimes(
          file: file, line: row.line, text: FormatRecognition.excerpt(bytes, row[.time].range), unit: unit,
          earlier: times.unit ?? unit, earlierLine: times.unitLine)
      }
    }
    if isGrouped, Self.isMissing(bytes, row[.group]) { return drop(.missingGroup, .group, bytes, row) }
    // An id whose escapes are malformed must be known before another id of the row is numbered.
    let isEscaped = row[.user].escape == .json || row[.item].escape == .json || row[.group].escape == .json
    if isEscaped, ColumnRole.allCases.contains(where: { Unescaping.bytes(bytes, row[$0]) == nil }) {
      return drop(.malformedJSON, column: nil, bytes, row)
    }
    let user = UserID(rawValue: Self.number(bytes, row[.user], in: &identifiers.users))
    let item = ItemID(rawValue: Self.number(bytes, row[.item], in: &identifiers.items))
    events.users.append(user)
    events.items.append(item)
    if isTimed { events.columns.append(time, to: .time) }
    if isGrouped {
      events.columns.append(Int64(Self.number(bytes, row[.group], in: &identifiers.groups)), to: .group)
    }
    rows.use()
    try findings.note(user: user, item: item, time: time)
  }

  /// What was read, as far as it has been read.
  package mutating func report(layout: LogLayout, contentFingerprint: String) throws(LogError) -> ReadingSummary {
    ReadingSummary(
      file: file, contentFingerprint: contentFingerprint, layout: layout, timeUnit: times.unit, rows: rows,
      firstBadRows: firstBadRows, findings: try findings.summary(identifiers))
  }

  private mutating func readTime(_ bytes: Span<UInt8>, _ row: RowFields) -> TimeReader.Reading {
    let field = row[.time]
    if field.escape == .none { return times.read(bytes, field.range, line: row.line) }
    guard let text = Unescaping.bytes(bytes, field) else { return .unreadable }
    return times.read(text.span, 0..<text.count, line: row.line)
  }

  private mutating func drop(_ reason: BadRow.Reason, _ role: ColumnRole, _ bytes: Span<UInt8>, _ row: RowFields) {
    drop(reason, column: columnNumbers[role], bytes, row)
  }

  private mutating func drop(_ reason: BadRow.Reason, column: Int?, _ bytes: Span<UInt8>, _ row: RowFields) {
    let bad = BadRow(
      file: file, line: row.line, column: column, reason: reason, text: FormatRecognition.excerpt(bytes, row.range))
    badRows.append(bad)
    if firstBadRows.count < Self.shownBadRows { firstBadRows.append(bad) }
    rows.drop(reason)
  }

  private static func number(
    _ bytes: Span<UInt8>, _ field: RowFields.Field, in table: inout IdentifierTable
  ) -> Int32 {
    if field.escape == .none { return table.insert(bytes, field.range) }
    let text = Unescaping.bytes(bytes, field) ?? []
    return table.insert(text.span, 0..<text.count)
  }

  private static func isMissing(_ bytes: Span<UInt8>, _ field: RowFields.Field) -> Bool {
    if field.isNested { return true }
    for position in field.range where !Byte.isBlank(bytes[position]) { return false }
    return true
  }
}
