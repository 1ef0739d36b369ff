import ArgumentParser
import DurableFiles
import Evaluation
import Foundation
import Interactions

/// The command line: one file per subcommand in `Commands/`; composition and messages, no arithmetic.
@main
struct Cloze: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Program.name,
    abstract: "Learns from an interaction log what each user interacts with next, and recommends it.",
    version: "\(Program.name) \(Program.version)",
    subcommands: [
      CheckCommand.self,
      ClassifyCommand.self,
      CompareCommand.self,
      DiffCommand.self,
      EmbedCommand.self,
      EvaluateCommand.self,
      ExplainCommand.self,
      ExportCommand.self,
      ImportCommand.self,
      ImportItemsCommand.self,
      InfoCommand.self,
      MergeCommand.self,
      PretrainCommand.self,
      RecipesCommand.self,
      RecommendCommand.self,
      ReportCommand.self,
      ServeCommand.self,
      SettingsCommand.self,
      SimilarCommand.self,
      SynthesizeCommand.self,
      TrainCommand.self,
      VocabularyCommand.self,
    ])

  /// Runs the command as typed; see `ExitCodes` for what the process ends with.
  static func main() async {
    ProcessStart.reserveStreams()
    Interruption.takeSignals()
    do {
      try refuseUnknownCommand(CommandLine.arguments.dropFirst().first)
      var command = try parseAsRoot()
      try LaunchedProcesses.check(command)
      do {
        if var command = command as? any AsyncParsableCommand {
          try await command.run()
        } else {
          try command.run()
        }
      } catch let error as ValidationError {
        throw BadUsage(description: "\(error)")
      }
    } catch {
      ExitCodes.leave(for: error, in: Self.self)
    }
    ExitCodes.finish()
  }

  private static func refuseUnknownCommand(_ word: String?) throws {
    let names = configuration.subcommands.map { $0._commandName } + ["help"]
    guard let word, !word.hasPrefix("-"), !names.contains(word) else { return }
    let guess = NearestName.suggestion(for: word, among: names).map { "; did you mean “\($0)”?" } ?? "."
    throw ValidationError("There is no command “\(word)”\(guess)")
  }
}
