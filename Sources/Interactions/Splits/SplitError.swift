/// A log that cannot be cut as asked.
package enum SplitError: Error, CustomStringConvertible, Equatable {
  case noTimes
  case shareOutOfRange(String, Double)
  case nobodyToJudge(String)

  package var description: String {
    switch self {
    case .noTimes:
      "the log has no times, so it cannot be cut at a moment; use leave-one-out, or import it with its time column"
    case .shareOutOfRange(let what, let share):
      "\(what) is \(share); expected a number between 0 and 1, both left out"
    case .nobodyToJudge(let method):
      "nobody is left to judge (\(method)); move the cut, or hold out more users"
    }
  }
}
