/// How the rows of a log become events: found once, followed for every row.
package struct LogPlan: Sendable {
  package internal(set) var layout: LogLayout
  let time: TimePlan?
  var filter: RowFilter
  private(set) var missing: ReadingOptions.Missing
  private(set) var ids: ReadingOptions.IDs
  /// The filter as it was requested; empty for none.
  let filterText: String
  /// What the user of the program should know about how the columns were chosen.
  package internal(set) var notes: [String]
  /// Of the kinds of events in the sample, how many had each, most first.
  let kinds: [(name: String, count: Int)]

  init(_ roles: RoleAssignment, layout: LogLayout) throws(LogError) {
    let evidence = roles.evidence
    var layout = layout
    layout.columns = roles.columns
    layout.publicLog = roles.publicLog
    if let names = evidence.names {
      let used = Set(roles.columns.values.map(\.number))
      layout.unusedColumns = names.indices.filter { !used.contains($0 + 1) }.map { names[$0] }
    }
    self.layout = layout
    time = roles.time
    filter = try RowFilter(
      evidence.options.filter, columns: roles.columns, names: evidence.known, file: evidence.file
    ) { position throws(LogError) in
      if let mark = evidence.options.decimal ?? DecimalMark.of(evidence.profiles[position]) { return mark }
      let values = evidence.profiles[position].values
      let example = values.first { $0.contains(Byte.comma) } ?? []
      throw .openDecimal(
        file: evidence.file, column: evidence.called(position), example: String(decoding: example, as: UTF8.self))
    }
    filterText = evidence.options.filter.description
    missing = evidence.options.missing
    ids = evidence.options.ids
    notes = roles.notes
    var counts: [Identifier: Int] = [:]
    if let kind = roles.position(of: .kind) {
      for value in evidence.profiles[kind].values { counts[Identifier(utf8: value), default: 0] += 1 }
    }
    kinds = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key.text, $0.value) }
  }

  /// The plan for a table whose columns have these names, given some of its rows.
  ///
  /// - Parameter rows: sampled rows of all columns; nothing for NULL. The first `headRows` of them are the table's first.
  /// - Throws: `LogError` about the columns.
  package init(
    table rows: [[[UInt8]]], headRows: Int, names: [String], options: ReadingOptions, file: String
  ) throws(LogError) {
    let profiles = names.indices.map { column in ColumnProfile(rows.map { $0[column] }) }
    let roles = try RoleAssignment(
      RoleAssignment.Evidence(
        names: names, profiles: profiles, headRows: headRows, format: .sqlite, options: options, file: file))
    try self.init(
      roles, layout: LogLayout(format: .sqlite, hasHeader: true, columns: roles.columns, columnCount: names.count))
  }

  /// Kinds that were requested and that no row had so far; nil where there are none.
  var unseenKinds: [String]? {
    let requested = filter.requested
    let unseen = requested.indices.filter { filter.kindCounts[$0] == 0 }.map { requested[$0] }
    return unseen.isEmpty ? nil : unseen
  }

  /// The same plan with other rules for ids.
  func with(missing: ReadingOptions.Missing, ids: ReadingOptions.IDs) -> LogPlan {
    var plan = self
    plan.missing = missing
    plan.ids = ids
    return plan
  }

  /// By column from 0, the slot of what is wanted of it; -1 for all others.
  package var slots: [Int] {
    var slots = [Int](repeating: -1, count: layout.columnCount)
    for (role, column) in layout.columns { slots[column.number - 1] = role.slot }
    for (index, column) in filter.extraColumns.enumerated() { slots[column] = ColumnRole.allCases.count + index }
    return slots
  }
}
