import DurableFiles

/// The rows of ids in a small file that an option names: one id each, or a user and an item, an item and its group.
///
/// Separator, quotes, a header and a byte order mark are handled as in a log; blanks around an id are no part of it.
package struct IdentifierRows: Sendable, Equatable {
  /// The rows that have all their ids, in the order of the roles requested.
  package private(set) var rows: [[Identifier]] = []
  /// By row, the line on which it stands, from 1.
  package private(set) var lines: [Int] = []
  /// The lines whose last id is missing, such as an item without a group.
  package private(set) var incompleteLines: [Int] = []
  /// The first line as names, where it is a header.
  package private(set) var header: [String]?
  /// What the file was taken for, where that is more than one id per line without a header.
  package private(set) var note: String?

  /// Reads the file at `path`, which is what `option` names.
  ///
  /// - Parameters:
  ///   - roles: which ids a row has; columns are found by their usual names, or stand in this order.
  ///   - columns: the names or numbers (from 1) of the columns, by role, where the user gave them.
  ///   - known: by role, the ids there are; a first row of which none is known, above rows that are, is a header.
  /// - Throws: `ListError`, also for a row whose first id is missing.
  package init(
    file path: String, option: String, roles: [ColumnRole], columns: [String]? = nil, known: [Catalog?] = []
  ) throws(ListError) {
    func fail(_ fault: ListError.Fault) -> ListError { ListError(option: option, source: path, fault: fault) }
    var table: ListTable
    do {
      table = try ListTable(path, wanted: roles.count) { line in
        roles.count == 1 && known.first.map { $0?.index(of: line) != nil } == true
      }
    } catch {
      throw fail(error)
    }
    let first = table.rows[0].cells
    let places: [Int]
    let isHeader = Self.isHeader(table, roles: roles, columns: columns, known: known)
    if isHeader {
      header = first
      table.rows.removeFirst()
    }
    let names = isHeader ? first : (1...first.count).map(String.init)
    if let columns {
      places = try columns.map { requested throws(ListError) in
        if let place = names.firstIndex(of: requested) ?? Int(requested).map({ $0 - 1 }), names.indices.contains(place)
        {
          return place
        }
        throw fail(.unknownColumn(requested: requested, names: names))
      }
    } else if let found = Self.places(of: roles, in: isHeader ? first : nil, count: first.count) {
      places = found
    } else {
      throw fail(.whichColumns(wanted: roles, names: names))
    }
    if table.rows.isEmpty { throw fail(.onlyHeader(first)) }
    for row in table.rows {
      guard row.cells.count == first.count else {
        throw fail(.columnCount(line: row.line, found: row.cells.count, expected: first.count))
      }
      let ids = places.map { row.cells[$0] }
      guard !ids[0].isEmpty else { throw fail(.missingID(line: row.line, role: roles[0])) }
      if ids.contains("") {
        incompleteLines.append(row.line)
      } else {
        rows.append(ids.map { Identifier($0) })
        lines.append(row.line)
      }
    }
    note = Self.note(path, roles, places, names: isHeader ? first : nil, count: first.count)
  }

  /// Whether the first row names columns: it holds a usual or a requested name, or none of its ids is known and others are.
  private static func isHeader(
    _ table: ListTable, roles: [ColumnRole], columns: [String]?, known: [Catalog?]
  ) -> Bool {
    let first = table.rows[0].cells
    func knows(_ row: [String], _ role: Int) -> Bool? {
      guard role < known.count, let catalog = known[role], role < row.count else { return nil }
      return catalog.index(of: row[role]) != nil
    }
    if roles.indices.contains(where: { knows(first, $0) == true }) { return false }
    if let columns, columns.contains(where: { first.contains($0) }) { return true }
    if roles.contains(where: { $0.position(in: first) != nil }) { return true }
    return first.count == roles.count
      && roles.indices.contains { role in
        knows(first, role) == false && table.rows.dropFirst().contains { knows($0.cells, role) == true }
      }
  }

  /// Where the roles stand: by name, else in order where there are no more columns than roles.
  private static func places(of roles: [ColumnRole], in header: [String]?, count: Int) -> [Int]? {
    if let header {
      let found = roles.compactMap { $0.position(in: header) }
      if found.count == roles.count, Set(found).count == found.count { return found }
      // One of two columns is known by its name, so the other one is the other.
      if roles.count == 2, count == 2, found.count == 1 {
        let isFirst = roles[0].position(in: header) != nil
        return isFirst ? [found[0], 1 - found[0]] : [1 - found[0], found[0]]
      }
    }
    return count == roles.count ? Array(roles.indices) : nil
  }

  private static func note(_ path: String, _ roles: [ColumnRole], _ places: [Int], names: [String]?, count: Int)
    -> String?
  {
    if names == nil, count == roles.count { return nil }
    let found = zip(roles, places).map { "\($0.rawValue) = \(names?[$1] ?? "column \($1 + 1)")" }
    let others = count - roles.count
    let unused = others == 0 ? "" : "; \(Counted(others, "other column")) not used"
    return "\(path): \(found.joined(separator: ", "))\(unused)"
  }
}
