import DurableFiles
import Interactions

/// What reading an item file came to: how it was understood and what became of every row.
package struct ItemSummary: Codable, Sendable, Equatable {
  /// A column as it was understood.
  package struct Column: Codable, Sendable, Equatable {
    package let column: ItemColumn
    /// Items with a value, and how many different values there are.
    package let present: Int
    package let distinct: Int

    init(_ column: ItemColumn, _ values: ItemValues) {
      self.column = column
      present = values.presentCount
      distinct = values.distinctCount
    }
  }

  /// How many bad rows are kept.
  static let mostFaults = 20

  package let file: String
  /// SHA-256 of the content.
  package let fingerprint: String
  package let format: LogFormat
  package let separator: Separator?
  package let isWindows1252: Bool
  package let hasHeader: Bool
  package let publicTable: String?
  package let rowsRead: Int
  package let items: Int
  /// The first bad rows, and how many there are.
  package let faults: [CellTable.Fault]
  package let faultCount: Int
  package let id: String
  package let title: String?
  package let columns: [Column]
  /// Columns that are looked at by nobody: addresses, or empty ones.
  package let unused: [String]

  /// Columns whose items all have one value, which tells nothing.
  package var constant: [String] { columns.filter { $0.distinct == 1 }.map(\.column.name) }
}

extension ItemSummary: CustomStringConvertible {
  /// In one line: how the file was understood.
  package var shortLine: String {
    var kinds = columns.map { "\($0.column.name) = \($0.column.kind.rawValue)" }
    if let title { kinds.insert("title = \(title)", at: 0) }
    let bad = faultCount == 0 ? "" : ", \(faultCount) bad rows left out"
    return "\(file): \(Counted(items, "item")) (\(layout)\(bad)); id = \(id)" + kinds.map { ", \($0)" }.joined()
  }

  private var layout: String {
    var parts = [publicTable ?? format.title]
    if publicTable == nil, let separator, format == .csv, separator != .byte(UInt8(ascii: ",")) {
      parts.append("with \(separator.title)")
    }
    if isWindows1252 { parts.append("no UTF-8, read as Windows-1252") }
    return parts.joined(separator: " ")
  }

  package var description: String {
    var lines = [
      "\(file): \(layout), \(hasHeader ? "a header" : "no header"), \(Counted(rowsRead, "row")), \(Counted(items, "item"))",
      "id: \(id)",
      "title: \(title ?? "none")",
    ]
    for entry in columns {
      let column = entry.column
      var line =
        "\(column.name): \(column.kind.rawValue), \(Counted(entry.distinct, "value")), \(items - entry.present) missing"
      if let separator = column.separator { line += ", several between \(separator.title)" }
      if let origin = column.origin { line += ", from \(origin)" }
      if entry.distinct == 1 { line += "; all are the same, which tells nothing" }
      lines.append(line)
    }
    if !unused.isEmpty { lines.append("not used: \(unused.joined(separator: ", "))") }
    if faultCount > 0 {
      lines.append("\(Counted(faultCount, "bad row")) left out; the first:")
      lines += faults.prefix(5).map { "  line \($0.line): \($0.reason.text)" }
    }
    return lines.joined(separator: "\n")
  }
}

/// How an item table and a log fit.
package struct ItemCoverage: Codable, Sendable, Equatable {
  /// Items of the log, and those of them that have a row.
  package let logItems: Int
  package let described: Int
  /// The share of events whose item has a row.
  package let eventShare: Double
  /// Rows of items without an event.
  package let withoutEvents: Int
  /// The first items of the log that have no row.
  package let missing: [String]
  /// How many of the items without a row have one whose id is written otherwise, such as `20.0` for `20`.
  package let writtenOtherwise: Int
  /// The first of them, in the log and in the table.
  package let example: [String]

  package init(_ table: ItemTable, _ log: InteractionLog) {
    let known = log.items.names.map { table.ids.index(of: $0) != nil }
    logItems = log.itemCount
    described = known.count { $0 }
    let events = log.events.count { known[$0.index] }
    eventShare = log.eventCount == 0 ? 0 : Double(events) / Double(log.eventCount)
    withoutEvents = table.ids.count - described
    let others = zip(log.items.names, known).filter { !$1 }.map(\.0)
    missing = others.prefix(5).map(\.text)
    var written: [String: Identifier] = [:]
    if !others.isEmpty {
      for id in table.ids.names where log.items.index(of: id) == nil { written[SimilarNames.key(of: id)] = id }
    }
    let pairs = others.compactMap { id in written[SimilarNames.key(of: id)].map { [id.text, $0.text] } }
    (writtenOtherwise, example) = (pairs.count, pairs.first ?? [])
  }
}

extension ItemCoverage: CustomStringConvertible {
  package var description: String {
    var text = """
      \(described) of the log's \(Counted(logItems, "item")) \(Counted.verb(described, "has", "have")) a row (\(Percentage.text(eventShare)) of its events); \
      \(Counted(withoutEvents, "row")) \(Counted.verb(withoutEvents, "is", "are")) of items without an event
      """
    if !missing.isEmpty {
      text += "; without a row: \(missing.joined(separator: ", "))\(logItems - described > missing.count ? ", …" : "")"
    }
    if writtenOtherwise > 0 {
      text +=
        "; \(writtenOtherwise) of them \(Counted.verb(writtenOtherwise, "has", "have")) a row under an id that is written "
        + "otherwise, such as \"\(example[1])\" for \"\(example[0])\": write ids as the log does, and read the file again"
    }
    return text
  }
}
