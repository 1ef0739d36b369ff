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
      end(failure)
    }
    end(0)
  }

  /// Ends the process without the ends of libraries: where little memory may be taken (`ulimit -v`), that of OpenBLAS waits
  /// for ever for a thread that never got its own.
  private static func end(_ code: Int32) -> Never {
    LaunchedProcesses.leave(code)
    fflush(nil)
    _exit(code)
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
    let error: any Error = UnknownOption(behind: error, command).map { BadUsage(description: $0.description) } ?? error
    let kind = command.exitCode(for: error)
    if kind == .success { finish { try StandardOutput.print(command.fullMessage(for: error)) } }
    let isUsage =
      kind == .validationFailure || error is BadUsage || error is ConfigurationError
      || (error as? ComparisonError)?.isBadUsage == true
    let code = error is Interrupted || isStop(error) ? interrupted : isUsage ? usage : failure
    let process = LaunchedProcesses.prefix()
    if CommandLine.arguments.contains("--json") {
      let message = kind == .validationFailure ? command.message(for: error) : "\(error)"
      StandardError.write(ErrorLine(process + message, code: code).text + "\n")
    } else if kind == .validationFailure {
      StandardError.write(process + command.fullMessage(for: error) + "\n")
    } else {
      StandardError.write("cloze: \(process)\(error)\n")
    }
    end(code)
  }

  /// An error as the last line of stderr has it with `--json`.
  private struct ErrorLine: Encodable {
    struct Fault: Encodable {
      var exitCode: Int32
      var kind: String
      var message: String
    }
    var error: Fault

    init(_ message: String, code: Int32) {
      let kind = code == interrupted ? "interrupted" : code == usage ? "usage" : "failure"
      error = Fault(exitCode: code, kind: kind, message: message)
    }

    var text: String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? error.message
    }
  }
}

/// An option that no command has: one behind the complaint that another one is missing, or one that other libraries have.
private struct UnknownOption: Error, CustomStringConvertible {
  let description: String

  /// nil where all options are known, or the parser's own guess stands.
  init?(behind error: any Error, _ command: any ParsableCommand.Type) {
    let message = command.message(for: error)
    let isMissing = message.hasPrefix("Missing expected argument")
    guard command.exitCode(for: error) == .validationFailure, isMissing || message.hasPrefix("Unknown option '--"),
      let name = CommandLine.arguments.dropFirst().first,
      let own = command.configuration.subcommands.first(where: { $0._commandName == name })
    else { return nil }
    let known = own.helpMessage(includeHidden: true).matches(of: /--[a-z][a-z-]*/).map { String($0.output) }
    let typed = CommandLine.arguments.dropFirst(2).prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
    guard let unknown = typed.map({ String($0.prefix { $0 != "=" }) }).first(where: { !known.contains($0) }) else {
      return nil
    }
    let elsewhere = Setting.flag(called: unknown).flatMap { known.contains($0) ? $0 : nil }
    if !isMissing, elsewhere == nil { return nil }
    let guess =
      (elsewhere ?? NearestName.suggestion(for: unknown, among: known)).map { " Did you mean '\($0)'?" } ?? ""
    description = "Unknown option '\(unknown)'.\(guess)"
  }
}

/// Options that do not fit what the command has read: bad usage of which the usage line says nothing.
struct BadUsage: Error, CustomStringConvertible {
  let description: String
}

/// The user pressed Ctrl-C, or the system sent a signal to stop; what was finished is saved.
struct Interrupted: Error, CustomStringConvertible {
  let description: String
}
