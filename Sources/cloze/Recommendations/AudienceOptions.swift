import ArgumentParser
import Interactions
import ModelFiles
import SequentialModels

/// Whom a command is about: people of a store or a log, or histories that are given.
struct AudienceOptions: ParsableArguments {
  @Option(
    name: [.customLong("store"), .customLong("log")],
    help: ArgumentHelp("The store or log file with everybody's history.", valueName: "log"))
  var log: String?
  @OptionGroup(title: "Reading the log") var sources: SourceOptions
  @Option(
    help: ArgumentHelp("Only these users: a file with one per line, or a list.", valueName: "file or user,user,…"))
  var users: String?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("A history to answer, oldest item first; may be repeated.", valueName: "item,item,…"))
  var history: [String] = []
  @Option(
    help: ArgumentHelp(
      "Histories to answer as they come in, - for standard input: a line is {\"user\": \"…\", \"items\": [\"…\", …]}.",
      valueName: "file"))
  var histories: String?
  @Flag(help: "Go on although the model was trained on another log.")
  var force = false

  func validate() throws {
    let listed = [users != nil, !history.isEmpty, histories != nil].count { $0 }
    if listed > 1 { throw ValidationError("--users, --history and --histories exclude each other; give one of them") }
    if users != nil && log == nil {
      throw ValidationError("--users are looked up in a log; give --store or --log")
    }
  }

  /// Refuses options that name nobody.
  func requireSomebody() throws {
    if log == nil && history.isEmpty && histories == nil {
      throw ValidationError("nobody to answer; give --store or --log, --history or --histories")
    }
  }

  /// Whom the options mean, and the log if one was given.
  func open(_ loaded: ModelDirectory.Loaded, at model: String, notes: Notes, progress: Progress) throws -> (
    audience: any Audience, source: LogForModel?
  ) {
    let source = try log.map { try LogForModel(sources.load($0, progress), loaded, at: model, force: force) }
    if let histories { return (try HistoryLines(histories, catalog: loaded.items), source) }
    guard history.isEmpty, let source else {
      let histories = history.map { $0.split(separator: ",").map(String.init) }
      return (ListedAudience(histories: histories, catalog: loaded.items), source)
    }
    let listed = try users.map(NameList.read)
    if let listed {
      notes.list(listed.names.filter { source.log.users.index(of: $0) == nil }, "users are not in the log", as: "user")
      if listed.repeated > 0 { notes.say("\(listed.repeated) users were named more than once and are answered once") }
    }
    return (ListedAudience(source.log, unknownItems: source.unknownItems, names: listed?.names), source)
  }
}
