import ArgumentParser
import Foundation
import Interactions
import Recommending
import ModelFiles
import SequentialModels

/// The users a command is about: users of a store or a log, or histories that are given.
struct UserOptions: ParsableArguments {
  @Option(
    name: [.customLong("store"), .customLong("log")],
    help: ArgumentHelp("The store or log file with the users' histories.", valueName: "log"), completion: .file())
  var log: String?
  @OptionGroup(title: "Reading the log") var sources: SourceOptions
  @Option(
    help: ArgumentHelp(
      "Only these users: @FILE or a file with one id per line, or a list.", valueName: "file or user,user,…"))
  var users: String?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("A history to answer, oldest item first; may be repeated.", valueName: "item,item,…"))
  var history: [String] = []
  @Option(
    help: ArgumentHelp(
      "Histories to answer as they come in, - for standard input: a line is {\"user\": \"…\", \"items\": [\"…\", …]}.",
      valueName: "file"), completion: .file())
  var histories: String?
  @Flag(help: "Use the model although it was trained on another log, or on one that was prepared otherwise.")
  var force = false

  func validate() throws {
    let listed = [users != nil, !history.isEmpty, histories != nil].count { $0 }
    if listed > 1 { throw ValidationError("--users, --history and --histories exclude each other; give one of them") }
    if users?.isEmpty == true { throw ValidationError("--users names no id; give ids with commas, or a file") }
    if users != nil && log == nil {
      throw ValidationError("--users are looked up in a log; give --store or --log")
    }
  }

  /// The files that these options may name.
  var inputs: [(name: String, path: String?)] {
    [("the log", log), ("--users", users), ("--histories", histories)]
  }

  /// Refuses options that name no user.
  func requireUsers() throws {
    if log == nil && history.isEmpty && histories == nil {
      throw ValidationError("no users to answer; give --store or --log, --history or --histories")
    }
  }

  /// The users that the options name, and the log if one was given.
  func open(
    _ model: ModelDirectory.Loaded, at directory: String, notes: Notes, progress: Progress,
    wantsProvenance: Bool = false
  ) throws -> (users: any UserSource, log: CatalogMappedLog?, provenance: LogProvenance?) {
    let read = try log.map {
      try sources.load($0, asFor: model, at: directory, forced: force, progress).source
    }
    let provenance = wantsProvenance ? read?.provenance : nil
    let log = read.map { CatalogMappedLog($0.log, fingerprint: $0.fingerprint, catalog: model.items) }
    if let histories {
      return (
        try StreamedHistories(histories, catalog: model.items, allowsUnknown: notes.allowsUnknown), log, provenance
      )
    }
    guard history.isEmpty, let log else {
      let source = GivenHistories(history.map(GivenHistories.ids), catalog: model.items)
      if !notes.allowsUnknown { try notes.take(source.historyFindings) }
      return (source, log, provenance)
    }
    let list = try users.map { try IdentifierList($0, option: "--users", role: .user, known: log.log.users) }
    let source = LogUsers(log, names: list?.ids)
    list?.note.map { notes.say($0) }
    try notes.take(source.findings)
    if let repeated = list?.repeated, repeated > 0 {
      notes.say("\(Notes.users(repeated)) named more than once, answered once")
    }
    return (source, log, provenance)
  }
}
