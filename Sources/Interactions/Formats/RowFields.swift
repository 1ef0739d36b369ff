/// Where the wanted columns of one row stand in the bytes that were read.
package struct RowFields {
  /// How the text of a field differs from its bytes; a JSON object or array has no text.
  package enum Escape: Sendable { case none, doubledQuotes, json, object, array }

  package struct Field: Sendable {
    package var range: Range<Int>
    package var escape: Escape

    /// Whether the field is a JSON object or array.
    var isNested: Bool { escape == .object || escape == .array }

    package init(_ range: Range<Int> = 0..<0, escape: Escape = .none) {
      self.range = range
      self.escape = escape
    }
  }

  /// By role, in the order of `ColumnRole.allCases`; an empty range where the column is missing.
  package var fields = InlineArray<4, Field>(repeating: Field())
  /// The bytes of the whole row.
  package var range = 0..<0
  /// The line on which the row begins, from 1.
  package var line = 0
  /// Why the row cannot be an event, and in which column (from 1), where the parser already knows.
  package var problem: (reason: BadRow.Reason, column: Int?)?

  package init() {}

  package subscript(role: ColumnRole) -> Field {
    get { fields[role.position] }
    set { fields[role.position] = newValue }
  }
}

extension ColumnRole {
  /// The place of the role in `allCases`.
  var position: Int {
    switch self {
    case .user: 0
    case .item: 1
    case .time: 2
    case .group: 3
    }
  }
}
