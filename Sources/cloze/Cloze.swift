import ArgumentParser

/// The command line: one file per subcommand in `Commands/`; composition and messages, no arithmetic.
@main
struct Cloze: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cloze",
    abstract: "Learns from an interaction log what each person touches next, and says so.",
    subcommands: [])

  /// Runs the command a person typed; see `ExitCodes` for what the process ends with.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      ExitCodes.leave(for: error, in: Self.self)
    }
  }
}
