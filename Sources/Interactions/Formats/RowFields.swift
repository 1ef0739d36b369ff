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

  /// How many columns can be wanted: one per role, the others for filters.
  static let slotCount = 12

  /// By slot: the roles in the order of `ColumnRole.allCases`, then the columns of filters; an empty range where the
  /// column is missing.
  package var fields = InlineArray<12, Field>(repeating: Field())
  /// The bytes of the whole row.
  package var range = 0..<0
  /// The line on which the row begins, from 1.
  package var line = 0
  /// Why the row cannot be an event, and in which column (from 1), where the parser already knows.
  package var problem: (reason: BadRow.Reason, column: Int?)?

  package init() {}

  package subscript(role: ColumnRole) -> Field {
    get { fields[role.slot] }
    set { fields[role.slot] = newValue }
  }
}

/// What stands between two columns of a line.
package enum Separator: Hashable, Sendable {
  case byte(UInt8)
  /// `::`
  case doubleColon
  /// One or more blanks or tabs; those at the ends of a line do not count.
  case blanks

  static let comma = Separator.byte(Byte.comma)
  static let tab = Separator.byte(Byte.tab)
  static let semicolon = Separator.byte(UInt8(ascii: ";"))
  static let pipe = Separator.byte(UInt8(ascii: "|"))
  /// What Hive writes.
  static let controlA = Separator.byte(1)

  var first: UInt8 {
    switch self {
    case .byte(let byte): byte
    case .doubleColon: Byte.colon
    case .blanks: Byte.blank
    }
  }
}

/// By what `--separator` takes: the character, `::`, `tab`, `blanks`.
extension Separator: CodableAsText {
  package init?(rawValue: String) {
    switch rawValue {
    case "::": self = .doubleColon
    case "blanks", "whitespace": self = .blanks
    case "tab", "\\t", "\t": self = .tab
    case "comma": self = .comma
    case "semicolon": self = .semicolon
    case "pipe": self = .pipe
    case "\\x01", "^A", "\\u0001": self = .controlA
    default:
      guard rawValue.utf8.count == 1, let byte = rawValue.utf8.first, byte < 0x80, byte != Byte.quote,
        !Byte.isSpace(byte), !Byte.isDigit(byte), byte | 0x20 &- UInt8(ascii: "a") >= 26
      else { return nil }
      self = .byte(byte)
    }
  }

  package var rawValue: String {
    switch self {
    case .doubleColon: "::"
    case .blanks: "blanks"
    case .tab: "tab"
    case .controlA: "\\x01"
    case .byte(let byte): String(Unicode.Scalar(byte))
    }
  }

  /// As awk writes it between two columns.
  var escaped: String {
    switch self {
    case .blanks: " "
    case .tab: "\\t"
    case .controlA: "\\001"
    default: rawValue
    }
  }

  /// As a sentence names it.
  package var title: String {
    switch self {
    case .blanks: "blanks"
    case .tab: "tabs"
    default: "'\(rawValue)'"
    }
  }
}

/// Whether fields stand in quotes.
package enum Quoting: String, Codable, CaseIterable, Sendable {
  /// A quote is text.
  case none
  /// A field that begins with a double quote ends at the next single one (RFC 4180).
  case double
}
