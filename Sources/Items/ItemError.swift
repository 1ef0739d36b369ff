import DurableFiles
import Interactions

/// An item file that cannot be read as the options say.
package enum ItemError: Error, Equatable {
  case unreadable(LogError)
  case ambiguousSeparator(file: String, separators: [Separator])
  case noRows(file: String)
  case whichID(file: String, names: [String])
  case unknownColumn(file: String, named: String, known: [String], suggestion: String?)
  case badColumns(text: String, reason: String)
  case tooManyBadRows(file: String, first: CellTable.Fault, bad: Int, rows: Int)
  /// A feature was named that is no column of categories or numbers.
  case notAFeature(file: String, named: String, kind: ItemColumn.Kind?, known: [String])
  /// The column holds another kind of values than when the model was trained.
  case otherKind(file: String, column: String, found: ItemColumn.Kind, expected: ItemColumn.Kind)
  /// No value of the features is shared by two items.
  case noSharedValues(file: String, features: [String])
  /// No item of the model has a row.
  case noCommonItems(file: String, example: String)

  /// A reader's error in the words of item files.
  init(_ error: LogError) {
    switch error {
    case .ambiguousSeparator(let file, let separators):
      self = .ambiguousSeparator(file: file, separators: separators)
    case .noRows(let file): self = .noRows(file: file)
    default: self = .unreadable(error)
    }
  }
}

extension ItemError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let error): error.description
    case .ambiguousSeparator(let file, let separators):
      """
      \(file): rows can be cut at \(separators.map(\.title).joined(separator: " or at ")), and nothing says which is \
      right; import it into a store and say which: cloze import-items \(file) --store STORE --separator \
      '\(separators[0].rawValue)'
      """
    case .noRows(let file): "\(file) has no rows; an item file has one line per item"
    case .whichID(let file, let names):
      """
      \(file): none of the columns \(Self.list(names)) is known as the item's id, and none of the first three has \
      another value in every row; name it: --item-columns id=NAME
      """
    case .unknownColumn(let file, let named, let known, let suggestion):
      "\(file) has no column “\(named)”\(suggestion.map { "; did you mean “\($0)”?" } ?? ""); it has \(Self.list(known))"
    case .badColumns(let text, let reason):
      "--item-columns \(text): \(reason); write it like id=movieId,title=name,genres=category,price=number,url=none"
    case .tooManyBadRows(let file, let first, let bad, let rows):
      """
      \(file): \(bad) of \(Counted(rows, "row")) \(Counted.verb(bad, "is", "are")) bad; the first is line \(first.line): \(first.reason.text); mend them, or allow \
      more with --max-bad
      """
    case .notAFeature(let file, let named, let kind, let known):
      "\(file): “\(named)” "
        + (kind.map { "is a column of \($0.rawValue)" } ?? "is none of its columns")
        + "; features are \(known.isEmpty ? "none there" : Self.list(known))"
        + (kind == .text ? "; if it holds categories, say so with --item-columns \(named)=category" : "")
    case .otherKind(let file, let column, let found, let expected):
      """
      \(file): “\(column)” holds values of the kind \(found.rawValue), but the model learned a \(expected.rawValue); if it is \
      one, say so with --item-columns \(column)=\(expected.rawValue)
      """
    case .noSharedValues(let file, let features):
      """
      \(file): no value of \(features.joined(separator: ", ")) is shared by two items of the log, so there is nothing to learn \
      from them; name other features
      """
    case .noCommonItems(let file, let example):
      """
      no item of the log has a row in \(file), for example “\(example)”; check that the ids are those of the log, or name \
      their column with --item-columns id=NAME
      """
    }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(30).joined(separator: ", ") + (names.count > 30 ? ", …" : "")
  }
}

extension CellTable.Fault.Reason {
  /// The reason in words.
  package var text: String {
    switch self {
    case .columnCount: "the number of columns differs from the header's or most rows'"
    case .quotes: "its quotes are not in order"
    case .malformedJSON: "it is no JSON object"
    case .missingID: "the item's id is missing"
    case .repeatedID: "the item's id stands in a row above, which counts"
    }
  }
}
