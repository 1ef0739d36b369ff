import ArgumentParser
import Comparison
import DurableFiles
import Foundation
import Interactions
import Training

/// What the process ends with: 0 well, 1 failure, 2 bad usage, 130 interrupted.
enum ExitCodes {
  static let failure: Int32 = 1
  static let usage: Int32 = 2
  static let interrupted: Int32 = 130

  /// Ends the process well, or as a failure where standard output did not take what `last` and the command wrote.
  static func finish(_ last: () throws -> Void = {}) -> Never {
    do {
      try last()
      try StandardOutput.close()
    } catch {
      StandardError.write("cloze: \(error)\n")
      exit(failure)
    }
    exit(0)
  }

  /// Whether a reader was told to stop while it waited for input.
  private static func isStop(_ error: any Error) -> Bool {
    if case .stopped? = error as? LogError { return true }
    if case .unreadable(.stopped)? = (error as? ListError)?.fault { return true }
    return false
  }

  /// Says in one line on stderr what went wrong and ends the process; help and version go to stdout and end with 0.
  static func leave(for error: any Error, in command: any ParsableCommand.Type) -> Never {
    if let code = error as? ExitCode { exit(code.rawValue) }
    let kind = command.exitCode(for: error)
    if kind == .success { finish { try StandardOutput.print(command.fullMessage(for: error)) } }
    if kind == .validationFailure {
      StandardError.write(command.fullMessage(for: error) + "\n")
      exit(usage)
    }
    StandardError.write("cloze: \(error)\n")
    if error is Interrupted || isStop(error) { exit(interrupted) }
    exit(error is ConfigurationError || (error as? ComparisonError)?.isBadUsage == true ? usage : failure)
  }
}

/// The user pressed Ctrl-C, or the system sent a signal to stop; what was finished is saved.
struct Interrupted: Error, CustomStringConvertible {
  let description: String
}
