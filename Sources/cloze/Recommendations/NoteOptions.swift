import ArgumentParser

/// Where ids go that a command could do nothing with.
struct NoteOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The CSV file for every id that is unknown and what it was; standard error names the first of them.",
      valueName: "file"))
  var unknownTo: String?

  func notes(quiet: Bool = false) -> Notes { Notes(quiet: quiet, unknownTo: unknownTo) }
}
