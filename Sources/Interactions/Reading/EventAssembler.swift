import DurableFiles

/// Turns the fields of rows into events: checks them, numbers the ids, reads the times, and counts what became of every row.
package struct EventAssembler: Sendable {
  private static let shownBadRows = 20

  /// What was named as the log: a file, a folder or a pattern.
  package let file: String
  /// The file of the log that is being read.
  private var part: String
  package private(set) var identifiers: KnownIdentifiers
  /// The events of the batch.
  package private(set) var events: EventBatch
  /// The bad rows of the batch.
  package private(set) var badRows: [BadRow] = []
  package private(set) var rows = RowStatistics()
  private var firstBadRows: [BadRow] = []
  private var missingWords = MissingWordCounts()
  private var times: TimeReader?
  private let clock: ClockForm?
  /// nil where ids are numbered for one thread.
  private var findings: LogFindings?
  /// The numbers of ids below these have been given to whoever numbers those of the log.
  private var givenIDs = (users: 0, items: 0, groups: 0)
  private var plan: LogPlan
  private let isGrouped: Bool
  private let isFiltered: Bool
  private let wordsAreMissing: Bool
  private let trimsDecimals: Bool
  /// Whether every id that has been seen stands as it was written and is none of the words for missing ones.
  private var isPlain: Bool
  /// The names over the user and the item, which a header in the middle of the log repeats; empty without a header.
  private let header: (user: [UInt8], item: [UInt8])

  /// An assembler for the log `file`, whose ids are numbered after those of `identifiers`.
  package init(file: String, plan: LogPlan, identifiers: KnownIdentifiers) {
    self.file = file
    part = file
    self.plan = plan
    self.identifiers = identifiers
    times = plan.time.map { TimeReader($0.form, isNamed: $0.isNamed) }
    clock = plan.layout.columns[.clock] == nil ? nil : plan.time?.clock
    isGrouped = plan.layout.columns[.group] != nil
    isFiltered = !plan.filter.isEmpty
    wordsAreMissing = plan.missing == .words
    trimsDecimals = plan.ids == .trimDecimal
    let known = [identifiers.users, identifiers.items, identifiers.groups]
    isPlain =
      plan.ids == .asWritten && !known.contains(where: Self.holdsBlanks)
      && !(plan.missing == .words && known.contains(where: Self.holdsMissingWord))
    let names = plan.layout.separator == nil ? [:] : plan.layout.columns
    header = (Array((names[.user]?.name ?? "").utf8), Array((names[.item]?.name ?? "").utf8))
    findings = LogFindings(isTimed: plan.time != nil)
    events = EventBatch(
      columns: EventColumns(present: (plan.time == nil ? [] : [.time]) + (isGrouped ? [.group] : [])))
  }

  /// From here on rows come from `file`, which is part of the log.
  mutating func startFile(_ file: String) {
    part = file
    times?.startFile()
  }

  /// Forgets the events and bad rows of the batch, which the caller has used.
  package mutating func startBatch() {
    events.removeAll()
    badRows.removeAll(keepingCapacity: true)
  }

  /// Adds the row to the batch, as an event or as a bad row.
  ///
  /// - Throws: `LogError.mixedTimes` where the time is in another form than the log's, and `LogError.temporaryFile`.
  package mutating func add(_ bytes: Span<UInt8>, _ row: RowFields) throws(LogError) {
    if let problem = row.problem { return drop(problem.reason, column: problem.column, bytes, row) }
    if Self.isEqual(bytes, row[.user].range, header.user), Self.isEqual(bytes, row[.item].range, header.item) {
      return drop(.repeatedHeader, .user, bytes, row)
    }
    if isFiltered, !plan.filter.takes(bytes, row) { return rows.leaveOut() }
    var ids = (
      user: seenID(bytes, row[.user], identifiers.users), item: seenID(bytes, row[.item], identifiers.items),
      group: Int32(-1)
    )
    if ids.user < 0, isMissing(bytes, row[.user]) { return dropMissing(.missingUser, .user, bytes, row) }
    if ids.item < 0, isMissing(bytes, row[.item]) { return dropMissing(.missingItem, .item, bytes, row) }
    var time: Int64 = 0
    if times != nil {
      switch try readTime(bytes, row) {
      case .time(let found): time = found
      case .missing: return drop(.missingTime, .time, bytes, row)
      default: return drop(.unreadableTime, .time, bytes, row)
      }
    }
    if isGrouped {
      ids.group = seenID(bytes, row[.group], identifiers.groups)
      if ids.group < 0, isMissing(bytes, row[.group]) { return dropMissing(.missingGroup, .group, bytes, row) }
    }
    if ids.user < 0 || ids.item < 0 || isGrouped && ids.group < 0 {
      if !areTexts(bytes, row) { return drop(.malformedJSON, column: nil, bytes, row) }
      ids.user = Self.number(bytes, row[.user], in: &identifiers.users, trimsDecimals)
      ids.item = Self.number(bytes, row[.item], in: &identifiers.items, trimsDecimals)
      if isGrouped { ids.group = Self.number(bytes, row[.group], in: &identifiers.groups, trimsDecimals) }
    }
    let user = UserID(rawValue: ids.user)
    let item = ItemID(rawValue: ids.item)
    events.users.append(user)
    events.items.append(item)
    if times != nil { events.columns.append(time, to: .time) }
    if isGrouped { events.columns.append(Int64(ids.group), to: .group) }
    rows.use()
    try findings?.note(user: user, item: item, time: time)
  }

  /// What was read, as far as it has been read.
  ///
  /// - Throws: `LogError` where kinds were requested that no row has, and `LogError.temporaryFile`.
  package mutating func summary(contentFingerprint: String) throws(LogError) -> ReadingSummary {
    if let kinds = plan.unseenKinds, rows.read > 0 {
      throw .unknownKinds(file: file, requested: kinds, known: plan.kinds.map(\.name))
    }
    return ReadingSummary(
      file: file, contentFingerprint: contentFingerprint, layout: plan.layout, timeForm: plan.time?.form,
      clockForm: clock, rows: rows, firstBadRows: firstBadRows, missingWords: missingWords.counts,
      kinds: plan.kinds.map { ReadingSummary.Kind(name: $0.name, sampled: $0.count) }, filter: plan.filterText,
      ids: plan.ids, notes: plan.notes + controlNotes(),
      findings: try findings?.summary(identifiers) ?? LogFindings.Summary())
  }

  /// Says that ids hold control characters, which terminals and other programs may cut or obey.
  private func controlNotes() -> [String] {
    [("user", identifiers.users), ("item", identifiers.items)].compactMap { what, table in
      let places = (0..<table.count).filter { index in
        table.utf8(at: index).contains { $0 < 0x20 || $0 == 0x7f }
      }
      guard let first = places.first else { return nil }
      return
        "\(Counted(places.count, what)) \(Counted.verb(places.count, "holds", "hold")) control characters, such as "
        + table[first].text.debugDescription
    }
  }

  private mutating func readTime(_ bytes: Span<UInt8>, _ row: RowFields) throws(LogError) -> TimeReader.Reading {
    let field = row[.time]
    var reading: TimeReader.Reading
    if field.escape == .none {
      reading = times!.read(bytes, field.range, line: row.line)
    } else {
      guard let text = Unescaping.bytes(bytes, field) else { return .missing }
      reading = times!.read(text.span, 0..<text.count, line: row.line)
    }
    if case .mixed(let form) = reading {
      throw .mixedTimes(
        file: part, line: row.line, text: Byte.excerpt(bytes, field.range), form: form,
        expected: times!.form, earlierLine: times!.firstLine)
    }
    if let clock, case .time(let date) = reading {
      let field = row[.clock]
      let text = Unescaping.bytes(bytes, field) ?? []
      if isMissing(bytes, field) { return .missing }
      guard let offset = clock.microseconds(text.span, 0..<text.count) else { return .unreadable }
      reading = .time(date + offset)
    }
    return reading
  }

  private mutating func dropMissing(
    _ reason: BadRow.Reason, _ role: ColumnRole, _ bytes: Span<UInt8>, _ row: RowFields
  ) {
    missingWords.note(bytes, row[role])
    drop(reason, role, bytes, row)
  }

  private mutating func drop(_ reason: BadRow.Reason, _ role: ColumnRole, _ bytes: Span<UInt8>, _ row: RowFields) {
    drop(reason, column: plan.layout.columns[role]?.number, bytes, row)
  }

  private mutating func drop(_ reason: BadRow.Reason, column: Int?, _ bytes: Span<UInt8>, _ row: RowFields) {
    let bad = BadRow(
      file: part, line: row.line, column: column, reason: reason, text: Byte.excerpt(bytes, row.range))
    badRows.append(bad)
    if firstBadRows.count < Self.shownBadRows { firstBadRows.append(bad) }
    rows.drop(reason)
  }

  /// The number of an id that has been seen, so that nothing can be wrong with it; -1 for others.
  @inline(__always)
  private func seenID(_ bytes: Span<UInt8>, _ field: RowFields.Field, _ table: IdentifierTable) -> Int32 {
    field.escape == .none && isPlain ? table.index(bytes, field.range) ?? -1 : -1
  }

  /// Whether an earlier log was read with words for missing ids as ids.
  private static func holdsMissingWord(_ table: IdentifierTable) -> Bool {
    (0..<table.count).contains { index in
      let id = table.utf8(at: index)
      return id.count < 10 && MissingWords.isWord(id)
    }
  }

  /// Whether events that came from no file have ids of blanks alone.
  private static func holdsBlanks(_ table: IdentifierTable) -> Bool {
    (0..<table.count).contains { table.utf8(at: $0).allSatisfy(Byte.isBlank) }
  }

  /// Whether all ids of a row have text: an id whose escapes are malformed must be known before another is numbered.
  private func areTexts(_ bytes: Span<UInt8>, _ row: RowFields) -> Bool {
    for role in [ColumnRole.user, .item, .group] where row[role].escape == .json {
      if Unescaping.bytes(bytes, row[role]) == nil { return false }
    }
    return true
  }

  @inline(__always)
  private static func number(
    _ bytes: Span<UInt8>, _ field: RowFields.Field, in table: inout IdentifierTable, _ trimsDecimals: Bool
  ) -> Int32 {
    if field.escape == .none {
      return table.insert(bytes, trimsDecimals ? withoutDecimals(bytes, field.range) : field.range)
    }
    let text = Unescaping.bytes(bytes, field) ?? []
    let range = 0..<text.count
    return table.insert(text.span, trimsDecimals ? withoutDecimals(text.span, range) : range)
  }

  /// The id at `range` without `.0` behind its digits.
  private static func withoutDecimals(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var end = range.upperBound
    while end > range.lowerBound, bytes[end - 1] == Byte.zero { end -= 1 }
    guard end < range.upperBound, end - 1 > range.lowerBound, bytes[end - 1] == UInt8(ascii: ".") else { return range }
    let digits = range.lowerBound..<end - 1
    return digits.allSatisfy({ Byte.isDigit(bytes[$0]) }) ? digits : range
  }

  @inline(__always)
  private static func isEqual(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: [UInt8]) -> Bool {
    guard range.count == text.count, !text.isEmpty else { return false }
    for (offset, byte) in text.enumerated() where bytes[range.lowerBound + offset] != byte { return false }
    return true
  }

  private func isMissing(_ bytes: Span<UInt8>, _ field: RowFields.Field) -> Bool {
    if field.isNested { return true }
    if wordsAreMissing, MissingWords.contains(bytes, field.range) { return true }
    for position in field.range where !Byte.isBlank(bytes[position]) { return false }
    return true
  }
}

/// Rows that threads parse by themselves.
extension EventAssembler {
  /// An assembler for rows of the same log that numbers ids from 0.
  func forParsing() -> EventAssembler {
    var part = EventAssembler(file: file, plan: plan, identifiers: KnownIdentifiers())
    _ = part.plan.filter.takeKindCounts()
    part.findings = nil
    part.isPlain = isPlain
    return part
  }

  /// How many ids have a number.
  var idCount: Int { identifiers.users.count + identifiers.items.count + identifiers.groups.count }

  /// What the rows came to since the last call, and the ids that are new since then.
  mutating func takeRows() -> ParsedRows {
    let rows = ParsedRows(
      events: events, badRows: badRows, rows: self.rows, missingWords: missingWords,
      kindCounts: plan.filter.takeKindCounts(), firstTimeLine: times?.firstLine ?? 0,
      users: identifiers.users.names(from: givenIDs.users), items: identifiers.items.names(from: givenIDs.items),
      groups: identifiers.groups.names(from: givenIDs.groups))
    events = EventBatch(columns: EventColumns(present: events.columns.present))
    (badRows, firstBadRows, self.rows, missingWords) = ([], [], RowStatistics(), MissingWordCounts())
    givenIDs = (identifiers.users.count, identifiers.items.count, identifiers.groups.count)
    return rows
  }

  /// Adds the rows of a window to the batch, which is empty; `numbers` are those of the parser's ids.
  ///
  /// - Parameter linesBefore: what has to be added to the numbers of its lines.
  /// - Throws: `LogError.temporaryFile`.
  mutating func add(
    _ parsed: consuming ParsedRows, _ numbers: inout IdentifierNumbers, linesBefore: Int
  ) throws(LogError) {
    if parsed.isRenumbered { numbers = IdentifierNumbers() }
    identifiers.users.insert(parsed.users, numbers: &numbers.users)
    identifiers.items.insert(parsed.items, numbers: &numbers.items)
    identifiers.groups.insert(parsed.groups, numbers: &numbers.groups)
    events = parsed.events
    let times = events.columns[.time]
    for index in 0..<events.count {
      let user = UserID(rawValue: numbers.users[events.users[index].index])
      let item = ItemID(rawValue: numbers.items[events.items[index].index])
      (events.users[index], events.items[index]) = (user, item)
      try findings?.note(user: user, item: item, time: times?[index] ?? 0)
    }
    if let groups = events.columns[.group] { events.columns[.group] = groups.map { Int64(numbers.groups[Int($0)]) } }
    for row in parsed.badRows {
      let bad = BadRow(
        file: row.file, line: row.line + linesBefore, column: row.column, reason: row.reason, text: row.text)
      badRows.append(bad)
      if firstBadRows.count < Self.shownBadRows { firstBadRows.append(bad) }
    }
    rows.add(parsed.rows)
    missingWords.add(parsed.missingWords)
    plan.filter.add(kindCounts: parsed.kindCounts)
    if parsed.firstTimeLine > 0 { self.times?.noteTime(line: parsed.firstTimeLine + linesBefore) }
  }
}

/// How many ids were missing, by the word that stood in their place.
struct MissingWordCounts: Sendable {
  private(set) var counts: [String: Int] = [:]

  mutating func note(_ bytes: Span<UInt8>, _ field: RowFields.Field) {
    let text = Byte.excerpt(bytes, Byte.trimmed(bytes, field.range), most: 20)
    counts[field.isNested ? "a list or an object" : text.isEmpty ? "nothing" : text, default: 0] += 1
  }

  mutating func add(_ other: MissingWordCounts) { counts.merge(other.counts, uniquingKeysWith: +) }
}
