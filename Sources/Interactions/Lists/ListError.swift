import DurableFiles

/// A list of ids that an option names and that cannot be read.
package struct ListError: Error, Equatable {
  package enum Fault: Error, Equatable {
    /// The argument looks like a path, and there is no such file.
    case noSuchFile
    case unreadable(LogError)
    case empty
    /// Nothing but a header.
    case onlyHeader([String])
    /// A row has another number of columns than the first.
    case columnCount(line: Int, found: Int, expected: Int)
    /// More columns than ids are wanted, and nothing says which of them are meant.
    case whichColumns(wanted: [ColumnRole], names: [String])
    case unknownColumn(requested: String, names: [String])
    case openQuote(line: Int)
    case missingID(line: Int, role: ColumnRole)
    case badHistory(line: Int, text: String)
  }

  /// The option as it is typed, such as `--exclude`.
  package let option: String
  /// The file or the argument.
  package let source: String
  package let fault: Fault
}

extension ListError: CustomStringConvertible {
  package var description: String { "\(option) \(source)\(place): \(reason)" }

  private var place: String {
    switch fault {
    case .columnCount(let line, _, _), .openQuote(let line), .missingID(let line, _), .badHistory(let line, _):
      ", line \(line)"
    default: ""
    }
  }

  private var reason: String {
    switch fault {
    case .noSuchFile:
      "there is no such file, and it looks like a path; check it, or write ids with commas between them"
    case .unreadable(let error): error.description
    case .empty: "the file is empty; expected one id per line"
    case .onlyHeader(let names):
      "the file has a header (\(Self.list(names))) and nothing below it; expected one id per line"
    case .columnCount(_, let found, let expected):
      "\(Self.columns(found)), but the first row has \(expected); put ids that hold a separator in double quotes"
    case .whichColumns(let wanted, let names):
      "\(Self.columns(names.count)) (\(Self.list(names))), and none is known as \(wanted.map(\.rawValue).joined(separator: " or ")); "
        + "leave only the \(wanted.map(\.rawValue).joined(separator: " and the ")) in the file, or name "
        + "\(wanted.count == 1 ? "the column" : "the columns") so in its first line"
    case .unknownColumn(let requested, let names):
      "there is no column \"\(requested)\"; the columns are \(Self.list(names))"
    case .openQuote: "a quote is opened and not closed on the line; close it, or double a quote that belongs to an id"
    case .missingID(_, let role): "the \(role.rawValue) is missing; write it, or delete the line"
    case .badHistory(_, let text):
      "expected {\"user\": …, \"items\": [… , …]} with texts or numbers, oldest item first, found: \(text)"
    }
  }

  private static func list(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }
  private static func columns(_ count: Int) -> String { "\(Counted(count, "column"))" }
}
