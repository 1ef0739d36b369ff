import ArgumentParser
import Evaluation
import Foundation
import Interactions
import Recommending
import ModelFiles
import SequentialModels

/// `cloze explain`: why this item for this person.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Says what each item of a history does to the score and rank of a recommended item.",
    discussion: """
      Each item of the history is dropped in turn and everything is ranked again: exact, not an approximation. A change is \
      the item's share: score with the item minus score without it. Without --item the first recommendation is explained.
      """)

  @Argument(help: "The model directory.")
  var model: String
  @Option(
    name: [.customLong("store"), .customLong("log")],
    help: ArgumentHelp("The store or log file with everybody's history.", valueName: "log"))
  var log: String?
  @OptionGroup(title: "Reading the log") var sources: SourceOptions
  @Option(help: "The person whose history it is; needs --store or --log.")
  var user: String?
  @Option(help: ArgumentHelp("A history, oldest item first.", valueName: "item,item,…"))
  var history: String?
  @Option(help: "The item to explain; the first recommendation if not given.")
  var item: String?
  @Flag(help: "Rank without what stands in the history, as `cloze recommend --exclude-seen` does.")
  var excludeSeen = false
  @Flag(help: "Go on although the model was trained on another log.")
  var force = false
  @Flag(help: "Print it as JSON.")
  var json = false
  @OptionGroup var threads: ThreadOptions

  /// What `--json` prints.
  private struct Account: Encodable {
    struct Part: Encodable {
      var item: String
      var position: Int
      var scoreChange: Float
      var rankWithout: Int
    }
    var item: String
    var score: Float
    var rank: Int
    var history: [Part]
  }

  func validate() throws {
    if (user == nil) == (history == nil) { throw ValidationError("give --user with --store or --log, or --history") }
    if let user, log == nil { throw ValidationError("--user \(user) is looked up in a log; give --store or --log") }
  }

  func run() throws {
    let loaded = try ModelDirectory.load(URL(fileURLWithPath: model), workers: threads.workers)
    let history = try history(loaded)
    let scorer = Scorer(loaded.model, top: 1)
    let question = Scorer.Question(history: history, excluded: excludeSeen ? history.map(\.rawValue) : [])
    guard
      let target = try item.map({ try loaded.items.knownIndex(of: $0) })
        ?? scorer.answers(to: [question])[0].list.items.first.map({ Int($0.item) }),
      let explanation = scorer.explain(ItemID(target), question)
    else { throw RecommendationError.noCandidates }
    let parts = zip(history, explanation.without).enumerated().map { position, part in
      Account.Part(
        item: loaded.items[part.0.index].text, position: position + 1,
        scoreChange: explanation.place.score - part.1.score, rankWithout: part.1.rank)
    }
    let account = Account(
      item: loaded.items[target].text, score: explanation.place.score, rank: explanation.place.rank, history: parts)
    if json {
      try print(RecordFile.text(account), terminator: "")
      return
    }
    try print("\(account.item): score \(account.score), rank \(account.rank) of \(scorer.candidates.count)")
    var table = TextTable([.number("position"), .text("item"), .number("score change"), .number("rank without")])
    for part in parts.sorted(by: { ($1.scoreChange, $0.position) < ($0.scoreChange, $1.position) }) {
      table.append(
        ["\(part.position)", part.item, String(format: "%+.4f", part.scoreChange), "\(part.rankWithout)"])
    }
    try print(table.text)
  }

  /// The items of the history that the model knows.
  private func history(_ loaded: ModelDirectory.Loaded) throws -> ArraySlice<ItemID> {
    let notes = Notes(quiet: false)
    if let history {
      var reader = HistoryReader(loaded.items)
      let known = reader.read(history.split(separator: ",").map(String.init))
      notes.list(
        reader.unknown.names.map(\.text), "items of the history are unknown to the model and were skipped",
        as: "item of a history")
      return known
    }
    guard let user, let log else { return [] }
    let source = try LogForModel(sources.load(log, Progress(.quiet)), loaded, at: model, force: force)
    guard let index = source.log.users.index(of: user) else {
      throw RecommendationError.unknownUser(name: user, log: log)
    }
    return source.log.history(of: UserID(index))
  }
}
