/// That the lines of a log are sequences: a user, and behind it all items of the user.
struct SequenceEvidence {
  /// What separates the items.
  let separator: Separator
  /// Whether the first line names the places: `session,item1,item2`.
  let hasHeader: Bool

  /// nil where lines are rows of columns.
  ///
  /// - Throws: `LogError.openSequences` where they may be either.
  init?(_ dialect: DialectRecognition, options: ReadingOptions, file: String) throws(LogError) {
    let reading = dialect.reading
    separator = reading.separator
    let isNamed = options.format == .sequences
    guard isNamed || options.format == nil && options.columns == ColumnSelection(), let first = reading.rows.first
    else { return nil }
    let header = reading.rows.count > 1 && Self.isHeader(first, above: Array(reading.rows.dropFirst()))
    hasHeader = options.hasHeader ?? header
    if isNamed { return }
    let rows = Array(reading.rows.dropFirst(header ? 1 : 0))
    guard options.hasHeader != true || header, reading.quoted == 0, !ColumnRole.isHeader(first) || header,
      rows.count >= 2, Self.isUniform(rows)
    else { return nil }
    try Self.refusePairs(rows, file: file)
    let isUnique = Set(rows.map { Identifier($0[0]) }).count == rows.count
    if dialect.isRagged {
      let widths = Set(rows.map(\.count))
      guard rows.count(where: { $0.count < 2 }) * 20 <= rows.count, widths.count >= 3 || rows.count < 6 else {
        return nil
      }
      if isUnique { return }
      throw .openSequences(file: file, separator: separator, width: nil)
    }
    guard isUnique, reading.width >= 3, rows.count >= 4 else { return nil }
    let overlaps = Self.overlaps(rows)
    if overlaps, reading.width >= 4 { return }
    if overlaps || reading.width >= 6 && Self.areAlike(rows) {
      throw .openSequences(file: file, separator: separator, width: reading.width)
    }
    return nil
  }

  /// The plan for lines of sequences.
  func plan(options: ReadingOptions, file: String) throws(LogError) -> LogPlan {
    let evidence = RoleAssignment.Evidence(
      names: nil, profiles: [ColumnProfile([]), ColumnProfile([])], headRows: 0, format: .sequences,
      options: ReadingOptions(columns: try ColumnSelection("user=1,item=2,time=none")), file: file)
    var layout = LogLayout(format: .sequences, hasHeader: hasHeader, columns: [:], columnCount: 2)
    layout.separator = separator
    layout.holdsLists = true
    var plan = try LogPlan(try RoleAssignment(evidence), layout: layout)
    plan = plan.with(missing: options.missing, ids: options.ids)
    return plan
  }

  /// Whether the first line counts the places of the items, or has words where all others have numbers.
  ///
  /// Items may be numbered as well: places are as many as the longest line has items, and none of them stands below.
  private static func isHeader(_ first: [String], above rows: [[String]]) -> Bool {
    let cells = first.dropFirst()
    guard !cells.isEmpty else { return false }
    let numbers = cells.compactMap { Int(String($0.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())) }
    let stems = Set(cells.map { String($0.reversed().drop { $0.isASCII && $0.isNumber }) })
    if cells.count >= 2, numbers.count == cells.count, stems.count == 1, stems.first?.isEmpty == false,
      zip(numbers, numbers.dropFirst()).allSatisfy({ $1 == $0 + 1 }), numbers[0] <= 1
    {
      let names = Set(cells.map { Identifier($0) })
      return rows.allSatisfy { row in row.count <= first.count && !row.contains { names.contains(Identifier($0)) } }
    }
    func isNumber(_ cell: String) -> Bool { !cell.isEmpty && cell.utf8.allSatisfy(Byte.isDigit) }
    return !cells.contains(where: isNumber) && rows.allSatisfy { $0.dropFirst().allSatisfy(isNumber) }
      && rows.contains { $0.count > 1 }
  }

  /// Refuses lines of `index:value`.
  private static func refusePairs(_ rows: [[String]], file: String) throws(LogError) {
    let cells = rows.prefix(200).flatMap { $0.dropFirst() }
    let pairs = cells.count { cell in
      let sides = cell.split(separator: ":", omittingEmptySubsequences: false)
      return sides.count == 2 && Double(sides[1]) != nil && !sides[0].isEmpty
    }
    guard pairs * 10 >= cells.count * 9, !cells.isEmpty else { return }
    let name = ShellWord.quoted(file)
    throw .otherShape(
      file: file, found: "lines of item:value pairs, as LIBSVM has them",
      remedy:
        "leave the values out where each line begins with its user: sed 's/:[^[:space:],;]*//g' \(name) > \(name).txt")
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

  /// Whether the columns behind the first are ids of one range, though the sample is too small for them to have many in
  /// common: most of each differ, and their largest numbers are of one size.
  private static func areAlike(_ rows: [[String]]) -> Bool {
    let profiles = (1..<rows[0].count).map { column in ColumnProfile(rows.map { Array($0[column].utf8) }) }
    guard profiles.allSatisfy({ $0.distinct * 4 >= $0.present * 3 }) else { return false }
    let largest = profiles.compactMap { $0.range?.upperBound }
    if largest.isEmpty {
      let shapes = profiles.compactMap { $0.shapes.max { $0.value < $1.value }?.key }
      return Set(shapes).count == 1 && shapes.first?.contains(Byte.nine) == true
    }
    return largest.count == profiles.count && (largest.max() ?? 0) <= 4 * (largest.min() ?? 0)
  }
}
