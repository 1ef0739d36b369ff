/// Whether the lines of a log are sequences: a user, and behind it all items of the user.
enum SequenceEvidence {
  /// What separates the items, where lines are sequences; nil where they are rows of columns.
  ///
  /// - Throws: `LogError.openSequences` where they may be either.
  static func separator(
    _ dialect: DialectRecognition, options: ReadingOptions, file: String
  ) throws(LogError) -> Separator? {
    let reading = dialect.reading
    if options.format == .sequences { return reading.separator }
    guard options.format == nil, options.columns == ColumnSelection(), options.hasHeader != true,
      reading.quoted == 0, let first = reading.rows.first, !ColumnRole.isHeader(first), reading.rows.count >= 2
    else { return nil }
    let rows = reading.rows
    guard isUniform(rows) else { return nil }
    let firsts = Set(rows.map { Identifier($0[0]) })
    let isUnique = firsts.count == rows.count
    if dialect.isRagged {
      let widths = Set(rows.map(\.count))
      guard rows.count(where: { $0.count < 2 }) * 20 <= rows.count, widths.count >= 3 || rows.count < 6 else {
        return nil
      }
      if isUnique { return reading.separator }
      throw .openSequences(file: file, isNumbered: false)
    }
    guard isUnique, reading.width >= 3, rows.count >= 4, overlaps(rows) else { return nil }
    if reading.width >= 4 { return reading.separator }
    throw .openSequences(file: file, isNumbered: true)
  }

  /// The plan for lines of sequences.
  static func plan(_ separator: Separator, options: ReadingOptions, file: String) throws(LogError) -> LogPlan {
    let evidence = RoleAssignment.Evidence(
      names: nil, profiles: [ColumnProfile([]), ColumnProfile([])], headRows: 0, format: .sequences,
      options: ReadingOptions(columns: try ColumnSelection("user=1,item=2,time=none")), file: file)
    var layout = LogLayout(format: .sequences, hasHeader: false, columns: [:], columnCount: 2)
    layout.separator = separator
    layout.holdsLists = true
    var plan = try LogPlan(try RoleAssignment(evidence), layout: layout)
    plan = plan.with(missing: options.missing, ids: options.ids)
    return plan
  }

  /// Whether all cells behind the first are of one kind, as ids of items are, and none is a time or has a fraction.
  private static func isUniform(_ rows: [[String]]) -> Bool {
    let cells = rows.flatMap { $0.dropFirst().prefix(50) }.prefix(5_000).map { Array($0.utf8) }
    let profile = ColumnProfile(Array(cells))
    guard profile.time == nil, !profile.isFractional, profile.present > 0 else { return false }
    if profile.isNumeric { return profile.whole == profile.numbers }
    let common = profile.shapes.values.sorted(by: >).prefix(2).reduce(0, +)
    return profile.share(common) >= 0.9
  }

  /// Whether the columns behind the first have their values in common, so that they are items and no attributes.
  private static func overlaps(_ rows: [[String]]) -> Bool {
    let width = rows[0].count
    let columns = (1..<width).map { column in Set(rows.compactMap { $0.count == width ? Identifier($0[column]) : nil })
    }
    guard let first = columns.first, first.count >= 3 else { return false }
    return columns.dropFirst().allSatisfy { other in
      other.count >= 3 && first.intersection(other).count * 3 >= min(first.count, other.count)
        && max(first.count, other.count) <= 4 * min(first.count, other.count)
    }
  }
}
