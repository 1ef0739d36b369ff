/// A row that was not used: where it stands, what is wrong with it, and its text.
package struct BadRow: Codable, Sendable, Equatable {
  /// Why a row is not an event.
  package enum Reason: String, Codable, CaseIterable, CodingKeyRepresentable, Sendable {
    case missingUser, missingItem, missingTime, missingGroup, unreadableTime, columnCount, openQuote, strayQuote
    case malformedJSON
    case repeatedHeader

    /// The reason in words.
    package var text: String {
      switch self {
      case .missingUser: "the user is missing"
      case .missingItem: "the item is missing"
      case .missingTime: "the time is missing"
      case .missingGroup: "the group is missing"
      case .unreadableTime: "the time is in no form that is known, or not in the one that was named"
      case .columnCount: "the number of columns differs from the first row's"
      case .openQuote: "a quote is opened and not closed before the next row"
      case .strayQuote: "text follows a closing quote"
      case .repeatedHeader: "the header stands once more"
      case .malformedJSON: "the line is no JSON object or array"
      }
    }
  }

  package let file: String
  /// The line on which the row begins, from 1.
  package let line: Int
  /// The column at fault, from 1; nil where no single column is.
  package let column: Int?
  package let reason: Reason
  /// The beginning of the row as it stands in the file.
  package let text: String
}

extension BadRow: CustomStringConvertible {
  /// The line, and the file where it is only one of those that are `log`.
  func place(in log: String) -> String { file == log ? "line \(line)" : "\(file), line \(line)" }

  /// The row as a summary of `log` shows it.
  func described(in log: String) -> String { file == log ? description : "\(file), \(description)" }

  package var description: String {
    "line \(line)\(column.map { ", column \($0)" } ?? ""): \(reason.text): \(text)"
  }
}
