/// Which events of a log are taken, by their kind, their rating or any column.
package struct EventFilter: Codable, Sendable, Equatable {
  /// One comparison of a column with a value.
  package struct Condition: Codable, Sendable, Equatable {
    package enum Comparison: String, Codable, Sendable, CaseIterable {
      // Longer ones first, since they begin with shorter ones.
      case notEqual = "!="
      case atLeast = ">="
      case atMost = "<="
      case equal = "="
      case more = ">"
      case less = "<"
    }

    package let column: String
    package let comparison: Comparison
    package let value: String

    package init(column: String, comparison: Comparison, value: String) {
      self.column = column
      self.comparison = comparison
      self.value = value
    }

    /// Reads `COLUMN=VALUE`, also with `!=`, `>=`, `<=`, `>` or `<`.
    ///
    /// - Throws: `LogError.badCondition`, also for a comparison of size with something that is no number.
    package init(_ text: String) throws(LogError) {
      let signs = Comparison.allCases
      var start = text.startIndex
      while start < text.endIndex {
        if let sign = signs.first(where: { text[start...].hasPrefix($0.rawValue) }) {
          let column = Self.trimmed(text[..<start])
          let value = Self.trimmed(text[start...].dropFirst(sign.rawValue.count))
          if column.isEmpty { break }
          if sign != .equal, sign != .notEqual, Double(value) == nil {
            throw .badCondition(text: text, reason: "\"\(value)\" is no number")
          }
          self.init(column: column, comparison: sign, value: value)
          return
        }
        start = text.index(after: start)
      }
      throw .badCondition(text: text, reason: "it is not COLUMN=VALUE")
    }

    private static func trimmed(_ text: Substring) -> String {
      String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }

  /// Kinds that are taken; nil takes all.
  package var kinds: [String]?
  package var minimumRating: Double?
  /// All of them must hold.
  package var conditions: [Condition] = []

  package init(kinds: [String]? = nil, minimumRating: Double? = nil, conditions: [Condition] = []) {
    self.kinds = kinds
    self.minimumRating = minimumRating
    self.conditions = conditions
  }

  package var isEmpty: Bool { self == EventFilter() }
}

extension EventFilter: CustomStringConvertible {
  /// As options, such as `--events purchase,cart --min-rating 4 --where 'price>=10'`; empty for no filter.
  package var description: String { options.joined(separator: " ") }

  /// An option each.
  var options: [String] {
    var parts: [String] = []
    if let kinds { parts.append("--events \(ShellWord.quoted(kinds.joined(separator: ",")))") }
    if let minimumRating { parts.append("--min-rating \(ShortNumber.text(minimumRating))") }
    for condition in conditions { parts.append("--where \(ShellWord.quoted(condition.description))") }
    return parts
  }
}

extension EventFilter.Condition: CustomStringConvertible {
  /// What `init` reads.
  package var description: String { "\(column)\(comparison.rawValue)\(value)" }
}

/// A filter for the rows of one log, whose columns have got their slots.
struct RowFilter: Sendable {
  private struct Test: Sendable {
    let slot: Int
    let comparison: EventFilter.Condition.Comparison
    let text: [UInt8]
    let number: Double?
    let decimal: DecimalMark
  }

  private var kinds: IdentifierTable?
  /// The kinds that are taken; none where all are.
  var requested: [String] { kinds.map { kinds in (0..<kinds.count).map { kinds[$0].text } } ?? [] }
  /// By kind that was requested, how many events had it.
  private(set) var kindCounts: [Int] = []
  private var tests: [Test] = []
  /// The columns that tests need besides those with roles, by their place from 0; each has the next slot.
  private(set) var extraColumns: [Int] = []

  /// Whether every row passes, so that nobody need ask.
  var isEmpty: Bool { kinds == nil && tests.isEmpty }

  /// The filter for a log with these columns; `names` are their names, or their numbers from 1.
  ///
  /// - Throws: `LogError` where a column is not there, or its numbers may be read in two ways.
  /// - Parameter decimal: the decimal mark of the column at a place.
  init(
    _ filter: EventFilter, columns: [ColumnRole: LogLayout.Column], names: [String], file: String,
    decimal: (Int) throws(LogError) -> DecimalMark
  ) throws(LogError) {
    if let requested = filter.kinds {
      guard columns[.kind] != nil else {
        throw .noColumn(file: file, roles: [.kind], known: names, suggestion: "--columns kind=NAME")
      }
      var table = IdentifierTable()
      for kind in requested { table.insert(Identifier(kind)) }
      kinds = table
      kindCounts = Array(repeating: 0, count: table.count)
    }
    if let least = filter.minimumRating {
      guard let rating = columns[.rating] else {
        throw .noColumn(file: file, roles: [.rating], known: names, suggestion: "--columns rating=NAME")
      }
      tests.append(
        Test(
          slot: ColumnRole.rating.slot, comparison: .atLeast, text: [], number: least,
          decimal: try decimal(rating.number - 1)))
    }
    for condition in filter.conditions {
      guard let position = ColumnSelection.position(of: condition.column, in: names) else {
        throw .unknownFilterColumn(file: file, requested: condition.column, known: names)
      }
      let role = columns.first { $0.value.number == position + 1 }?.key
      var slot = role?.slot ?? -1
      if role == nil {
        let known = extraColumns.firstIndex(of: position)
        if known == nil { extraColumns.append(position) }
        slot = ColumnRole.allCases.count + (known ?? extraColumns.count - 1)
        guard slot < RowFields.slotCount else {
          throw .badCondition(text: condition.column, reason: "there are conditions on too many columns")
        }
      }
      let number = Double(condition.value)
      tests.append(
        Test(
          slot: slot, comparison: condition.comparison, text: Array(condition.value.utf8), number: number,
          decimal: number == nil ? .point : try decimal(position)))
    }
  }

  /// `kindCounts`, which begin anew.
  mutating func takeKindCounts() -> [Int] {
    defer { kindCounts = Array(repeating: 0, count: kindCounts.count) }
    return kindCounts
  }

  /// Adds what another filter of the log has counted.
  mutating func add(kindCounts counts: [Int]) {
    for (index, count) in counts.enumerated() { kindCounts[index] += count }
  }

  /// Whether the row is taken.
  mutating func takes(_ bytes: Span<UInt8>, _ row: RowFields) -> Bool {
    if let kinds {
      let field = row.fields[ColumnRole.kind.slot]
      let index: Int32? =
        field.escape == .none
        ? kinds.index(bytes, field.range)
        : Unescaping.bytes(bytes, field).flatMap { kinds.index($0.span, 0..<$0.count) }
      guard let index else { return false }
      kindCounts[Int(index)] += 1
    }
    for test in tests where !holds(test, bytes, row.fields[test.slot]) { return false }
    return true
  }

  private func holds(_ test: Test, _ bytes: Span<UInt8>, _ field: RowFields.Field) -> Bool {
    let text = Unescaping.bytes(bytes, field) ?? []
    if let wanted = test.number, let found = test.decimal.value(text.span, 0..<text.count) {
      switch test.comparison {
      case .equal: return found == wanted
      case .notEqual: return found != wanted
      case .atLeast: return found >= wanted
      case .atMost: return found <= wanted
      case .more: return found > wanted
      case .less: return found < wanted
      }
    }
    switch test.comparison {
    case .equal: return text == test.text
    case .notEqual: return text != test.text
    default: return false
    }
  }
}
