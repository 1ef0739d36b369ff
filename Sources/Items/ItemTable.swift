import Interactions

/// What is known of items beside their ids: titles, categories, numbers, texts.
package struct ItemTable: Sendable {
  /// The file, or the store.
  package let source: String
  /// In the order of the file.
  package let ids: Catalog
  /// By item; nil throughout where no column is a title.
  package let titles: [String?]
  package private(set) var columns: [ItemColumn]
  /// By column, then by item.
  package private(set) var values: [ItemValues]
  package let summary: ItemSummary

  package init(
    source: String, ids: Catalog, titles: [String?], columns: [ItemColumn], values: [ItemValues], summary: ItemSummary
  ) {
    precondition(titles.count == ids.count, "\(titles.count) titles of \(ids.count) items")
    precondition(values.count == columns.count, "values of \(values.count) columns for \(columns.count)")
    self.source = source
    self.ids = ids
    self.titles = titles
    self.columns = columns
    self.values = values
    self.summary = summary
  }

  /// The title of `item`; nil where it has no row or no title.
  package func title(of item: Identifier) -> String? { ids.index(of: item).flatMap { titles[$0] } }

  /// Whether any item has a title.
  package var hasTitles: Bool { titles.contains { $0 != nil } }

  /// How the file is read otherwise than it would be recognized.
  package struct Options: Codable, Sendable, Equatable {
    package var cells = CellTable.Options()
    package var columns = ItemColumnSelection()
    /// The greatest share of bad rows, from 0 to 1.
    package var maximumBadShare = 0.01

    package init() {}
  }

  /// Reads the item file at `path`.
  ///
  /// - Throws: `ItemError`.
  package static func read(_ path: String, options: Options = Options()) throws(ItemError) -> ItemTable {
    let cells: CellTable
    do {
      cells = try CellTable(path, options: options.cells) { ItemLayout.isHeader($0) }
    } catch {
      throw ItemError(error)
    }
    if cells.rows.isEmpty { throw .noRows(file: cells.file) }
    return try ItemTable(cells, options: options)
  }

  private init(_ cells: CellTable, options: Options) throws(ItemError) {
    let layout = try ItemLayout(cells, options.columns)
    var (ids, rows, faults) = (Catalog(), [Int](), cells.faults)
    for (index, row) in cells.rows.enumerated() {
      let id = row.cells[layout.id].text
      if id.isEmpty {
        faults.append(CellTable.Fault(line: row.line, reason: .missingID))
      } else if ids.insert(id) == rows.count {
        rows.append(index)
      } else {
        faults.append(CellTable.Fault(line: row.line, reason: .repeatedID))
      }
    }
    faults.sort { $0.line < $1.line }
    let read = cells.rows.count + cells.faults.count
    if let first = faults.first, Double(faults.count) > options.maximumBadShare * Double(read) {
      throw .tooManyBadRows(file: cells.file, first: first, bad: faults.count, rows: read)
    }
    func column(_ number: Int) -> [CellTable.Cell] { rows.map { cells.rows[$0].cells[number] } }
    var (columns, values, unused): ([ItemColumn], [ItemValues], [String]) = ([], [], [])
    for part in layout.parts {
      let typed: (column: ItemColumn, values: ItemValues)?
      switch part {
      case .column(let number, let name, let kind):
        typed = ColumnTyping(name: name, cells: column(number)).typed(as: kind)
      case .flags(let numbers, let name, let words):
        let flags = zip(numbers, words).map { (column($0), Identifier($1)) }
        typed = (
          ItemColumn(name: name, kind: .category, origin: "\(numbers.count) columns of 0 and 1"),
          .categories(rows.indices.map { row in flags.filter { $0.0[row].text == "1" }.map(\.1) })
        )
      }
      guard let typed else {
        unused.append(part.name)
        continue
      }
      columns.append(typed.column)
      values.append(typed.values)
    }
    var titles = layout.title.map { column($0).map { $0.text.isEmpty ? nil : $0.text } }
    var titleName = layout.title.map { layout.names[$0] }
    if titles == nil, let first = columns.indices.first(where: { columns[$0].kind == .text }),
      case .texts(let texts) = values[first], values[first].distinctCount * 10 >= 9 * values[first].presentCount
    {
      (titles, titleName) = (texts, columns[first].name)
      columns.remove(at: first)
      values.remove(at: first)
    }
    if let titles, let titleName, let years = TitleYears(titles),
      !layout.names.contains(where: { $0.lowercased().contains("year") })
    {
      columns.append(ItemColumn(name: "year", kind: .number, origin: "the years at the ends of \(titleName)"))
      values.append(.numbers(years.values))
    }
    let summary = ItemSummary(
      file: cells.file, fingerprint: cells.fingerprint, format: cells.format, separator: cells.separator,
      isWindows1252: cells.isWindows1252, hasHeader: cells.names != nil, publicTable: layout.publicTable,
      rowsRead: read,
      items: ids.count, faults: Array(faults.prefix(ItemSummary.mostFaults)), faultCount: faults.count,
      id: layout.names[layout.id], title: titleName, columns: zip(columns, values).map { ItemSummary.Column($0, $1) },
      unused: unused)
    self.init(
      source: cells.file, ids: ids, titles: titles ?? Array(repeating: nil, count: ids.count), columns: columns,
      values: values, summary: summary)
  }
}

/// The years in parentheses that end titles, as movies have them: `Toy Story (1995)`.
private struct TitleYears {
  let values: [Double?]

  /// nil where fewer than four fifths of the titles end so.
  init?(_ titles: [String?]) {
    values = titles.map { title in
      guard let title, title.hasSuffix(")"), let open = title.lastIndex(of: "(") else { return nil }
      let inner = title[title.index(after: open)...].dropLast()
      guard inner.count == 4, let year = Int(inner), (1500...2200).contains(year) else { return nil }
      return Double(year)
    }
    let present = titles.count { $0 != nil }
    if present == 0 || values.count(where: { $0 != nil }) * 5 < present * 4 { return nil }
  }
}
