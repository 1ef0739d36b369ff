import DurableFiles
import Interactions

extension Split {
  /// So few users give neither an interval nor a difference.
  package static let fewestUsers = 2

  /// Refuses a split that leaves too few users to evaluate. Every command asks before it trains or ranks anything.
  ///
  /// - Throws: `TooFewUsersError` where the part has fewer than `fewestUsers` cases.
  package func requireUsers(in part: EvaluationPart) throws(TooFewUsersError) {
    let count = part == .test ? test.count : validation.count
    if count < Self.fewestUsers { throw TooFewUsersError(users: count, part: part, summary: summary) }
  }
}

/// A split with too few users to evaluate a model on.
package struct TooFewUsersError: Error, CustomStringConvertible, Equatable {
  package let users: Int
  package let part: EvaluationPart
  package let summary: SplitSummary

  package var description: String {
    let found = users == 0 ? "no user can be evaluated" : "only \(users) user can be evaluated"
    var text = "\(found) on the \(part.rawValue), where at least \(Split.fewestUsers) are needed"
    if let method = summary.method { text += " (\(method))" }
    if !summary.usersLeftOut.isEmpty {
      text += "; left out: " + summary.leftOutText
    }
    text += "; look at `cloze check`, relax the preparation, or cut otherwise with --split"
    return part == .test ? text : text + "; --set heldOut=test trains without validation"
  }
}

extension SplitSummary {
  /// The users without a test case by reason: `3 users with fewer than three events`.
  var leftOutText: String {
    usersLeftOut.sorted { $0.key < $1.key }.map { "\(Counted($0.value, "user")) \($0.key)" }
      .joined(separator: ", ")
  }
}
