import Foundation

/// Runs the built `cloze` in a process of its own, as a user types it.
struct TypedCommand {
  /// What the process said and how it ended.
  struct Outcome {
    /// The exit code, or 128 + signal where a signal ended it, as a shell reports it.
    var status: Int32
    var output: String
    var errors: String
    var lines: [Substring] { output.split(separator: "\n") }
  }

  /// The folder with the executable: the one this test bundle was built into.
  static let products = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent()

  private let process = Process()
  private let output: URL
  private let errors: URL
  private let scratch: TemporaryFolder

  /// Prepares `cloze` with `arguments`, or a shell command line that finds `cloze` on its PATH.
  init(
    _ arguments: [String], shell: String? = nil, input: String = "", environment: [String: String] = [:],
    in folder: URL? = nil
  ) throws {
    scratch = try TemporaryFolder()
    output = try scratch.file("output", "")
    errors = try scratch.file("errors", "")
    let path = Self.products.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
    // bash lifts the mask of signals that is handed down to it; under it other shells wait for their children for ever.
    process.executableURL =
      shell == nil ? Self.products.appendingPathComponent("cloze") : URL(fileURLWithPath: "/bin/bash")
    process.arguments = shell.map { ["-c", $0] } ?? arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["PATH": path]) { $1 }.merging(environment) { $1 }
    process.currentDirectoryURL = folder ?? scratch.url
    process.standardInput = try FileHandle(forReadingFrom: scratch.file("input", input))
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
  }

  /// Runs `cloze` with `arguments` to its end.
  static func run(
    _ arguments: String..., input: String = "", environment: [String: String] = [:], in folder: URL? = nil,
    timeout: Duration = .seconds(120)
  ) async throws -> Outcome {
    try await TypedCommand(arguments, input: input, environment: environment, in: folder).finish(within: timeout)
  }

  /// Runs a shell command line in which `cloze` is the built one.
  static func shell(_ line: String, in folder: URL? = nil, timeout: Duration = .seconds(120)) async throws -> Outcome {
    try await TypedCommand([], shell: line, in: folder).finish(within: timeout)
  }

  /// Starts the process, lets `meanwhile` watch and signal it, and waits for its end; kills it when time is up.
  func finish(
    within timeout: Duration = .seconds(120), meanwhile: (Running) async throws -> Void = { _ in }
  ) async throws -> Outcome {
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    process.terminationHandler = { _ in end.finish() }
    try process.run()
    let running = Running(identifier: process.processIdentifier, output: output, errors: errors)
    let watchdog = Task {
      try await Task.sleep(for: timeout)
      kill(running.identifier, SIGKILL)
    }
    defer { watchdog.cancel() }
    do {
      try await meanwhile(running)
    } catch {
      kill(running.identifier, SIGKILL)
      throw error
    }
    for await _ in ends {}
    return Outcome(
      status: process.terminationReason == .uncaughtSignal
        ? 128 + process.terminationStatus : process.terminationStatus,
      output: try String(contentsOf: output, encoding: .utf8), errors: try String(contentsOf: errors, encoding: .utf8))
  }

  /// A process under way.
  struct Running {
    let identifier: Int32
    fileprivate let output: URL
    fileprivate let errors: URL

    func send(_ signal: Int32) { kill(identifier, signal) }

    /// Sends `signal` as soon as the process has said `text` on either stream.
    ///
    /// A thread of its own listens: the tests' own threads may be busy for longer than the process has left to run.
    func send(_ signal: Int32, once text: String, within timeout: Duration = .seconds(60)) async throws {
      try await withCheckedThrowingContinuation { (listener: CheckedContinuation<Void, any Error>) in
        Thread.detachNewThread {
          let heard = Result { try wait(for: text, timeout) }
          if case .success = heard { send(signal) }
          listener.resume(with: heard)
        }
      }
    }

    private func wait(for text: String, _ timeout: Duration) throws {
      let deadline = ContinuousClock.now + timeout
      while true {
        let said = try [output, errors].map { try String(contentsOf: $0, encoding: .utf8) }
        if said.contains(where: { $0.contains(text) }) { return }
        guard ContinuousClock.now < deadline else { throw Unsaid(text: text, said: said.joined(separator: "\n")) }
        Thread.sleep(forTimeInterval: 0.005)
      }
    }

    struct Unsaid: Error {
      let text: String
      let said: String
    }
  }
}
