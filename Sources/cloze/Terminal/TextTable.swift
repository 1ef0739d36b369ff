/// Rows of text in columns as wide as they need to be, for stdout.
package struct TextTable {
  package struct Column: Sendable {
    let title: String
    let isNumber: Bool

    /// Words, aligned to the left.
    package static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }
    /// Figures, aligned to the right.
    package static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  package init(_ columns: [Column]) { self.columns = columns }

  package mutating func append(_ row: [String]) {
    precondition(row.count == columns.count, "a row of \(row.count) cells for \(columns.count) columns")
    rows.append(row)
  }

  /// The table with its titles and a rule below them, without blanks at the ends of lines and without a last newline.
  package var text: String {
    let widths = columns.indices.map { column in
      rows.reduce(columns[column].title.count) { max($0, $1[column].count) }
    }
    let rule = widths.map { String(repeating: "─", count: $0) }
    return ([columns.map(\.title), rule] + rows).map { line(of: $0, widths) }.joined(separator: "\n")
  }

  private func line(of cells: [String], _ widths: [Int]) -> String {
    let padded = cells.indices.map { index in
      let blanks = String(repeating: " ", count: widths[index] - cells[index].count)
      return columns[index].isNumber ? blanks + cells[index] : cells[index] + blanks
    }
    let line = padded.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
